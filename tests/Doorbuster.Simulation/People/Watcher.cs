using Doorbuster.Notification;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.People;

/// <summary>
/// Someone who watches a sale over a live connection and believes what is told, as a page does: what has a lower
/// revision than what is shown is dropped. Where the connection breaks off, the watcher comes again.
/// </summary>
internal sealed class Watcher
{
    private readonly World _world;
    private readonly Draw _draw;
    private readonly SaleId _sale;
    private readonly BuyerId _buyer;
    private readonly int _no;
    private readonly bool _isSlow;
    private readonly Dictionary<OrderId, OrderSheet> _orders = [];
    private LiveConnection? _connection;
    private bool _hasLeft;

    public Watcher(World world, int no)
    {
        _world = world;
        Name = $"watcher {no}";
        _draw = Draw.Of(world.Seed, Part.Watchers + (ulong)no);
        _sale = _draw.Of([.. world.Terms.Sales]).Id;
        _no = _draw.Next(world.Terms.Buyers);
        _buyer = BuyerId.Parse($"buyer{_no}");
        _isSlow = _draw.Percent(25);
    }

    private string Name { get; }

    /// <summary>Whether it is connected and has seen its snapshot.</summary>
    public bool IsConnected => _connection is { IsOpen: true, HasSnapshot: true };

    /// <summary>Since when; whoever comes is shown all there is.</summary>
    public long ConnectedAt { get; private set; }

    /// <summary>Units that are left, as it was last told.</summary>
    public long? Available { get; private set; }

    public SaleId Sale => _sale;

    public BuyerId Buyer => _buyer;

    /// <summary>The order as it was last told.</summary>
    public OrderSheet? Find(OrderId order) => _orders.GetValueOrDefault(order);

    /// <summary>
    /// Asks about what was last shown as queued: what was lost with its gate, and was answered to nobody, is known to
    /// no node, and found out by asking.
    /// </summary>
    public async Task FinishAsync()
    {
        var asker = new Buyer(_world, _no);
        foreach (var order in _orders.Values.Where(sheet => sheet.Status == OrderStatus.Queued).ToArray())
        {
            await asker.FindOutAsync(order.Id);
        }
    }

    /// <summary>Watches until it leaves.</summary>
    public async Task WatchAsync()
    {
        while (!_hasLeft)
        {
            var connection = _connection = Connect();
            var reply = await _world.Network.AskAsync((shop, _) => connection.OpenAsync(shop, _sale, _buyer));
            if (reply?.Status == 200)
            {
                ConnectedAt = _world.Agenda.Now;
                _world.Trace.Add(Name, $"watches {_sale} as {_buyer}");
                await connection.Closed;
                _world.Trace.Add(Name, "lost the connection");
                _world.Auditor.Reach(Branch.WatcherCameAgain);
            }
            else
            {
                // It may stand at the server's end, where only the answer was lost; a page closes it.
                connection.Leave();
            }

            await _world.WaitAsync(_draw.Next(5, 200));
        }
    }

    /// <summary>Watches no longer.</summary>
    public Task LeaveAsync()
    {
        _hasLeft = true;
        _connection?.Leave();
        return Task.CompletedTask;
    }

    /// <summary>A connection; what comes over one that was given up for another is not heard any more.</summary>
    private LiveConnection Connect()
    {
        LiveConnection? connection = null;
        connection = new LiveConnection(_world, _isSlow ? 120 : 0)
        {
            Told = message =>
            {
                if (_connection == connection)
                {
                    Take(message);
                }
            },
        };
        return connection;
    }

    private void Take(LiveMessage message)
    {
        switch (message)
        {
            case LiveMessage.OfOrder ofOrder:
                var sheet = OrderSheet.Of(ofOrder.Order);
                _world.Trace.Add(Name, $"is told of {sheet}");
                _world.Auditor.Reach(Branch.WatcherToldOrder);
                _world.Auditor.Story.Told(default, _buyer, sheet);
                if (_orders.GetValueOrDefault(sheet.Id) is not { } known || known.Revision < sheet.Revision)
                {
                    _orders[sheet.Id] = sheet;
                }

                break;
            case LiveMessage.OfSale ofSale:
                _world.Auditor.Reach(Branch.WatcherToldSale);
                Available = ofSale.Showing.Stock.Available;
                break;
        }
    }
}
