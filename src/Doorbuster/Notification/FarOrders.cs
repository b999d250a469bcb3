using System.Threading.Channels;
using Doorbuster.Fulfilment;

namespace Doorbuster.Notification;

/// <summary>
/// Orders that change on other nodes, for those who wait for them on this one; and word of those that change here, for
/// the others. What anyone is told is read from the store.
/// </summary>
/// <remarks>
/// Invariant: a hint only says where to look, so a false one costs a read and a lost one costs time:
/// <see cref="OrderLooks"/> finds what it would have told. All queues are bounded, and what does not fit is a lost
/// hint. Tests: <c>FarOrderTests</c>, <c>RedisHintTests</c>.
/// </remarks>
/// <param name="hints">Carries word between nodes.</param>
/// <param name="ledger">Where orders are read.</param>
/// <param name="live">Who watches here.</param>
/// <param name="waits">Who waits here; null where nothing is queued.</param>
/// <param name="most">The most that wait to be sent, and to be read.</param>
public sealed class FarOrders(IHints hints, ILedger ledger, LiveFeed live, OrderWaits? waits, int most) : INotifier
{
    private const int ReadAtOnce = 500;

    private readonly Channel<OrderHint> _ours = Bounded<OrderHint>(most);
    private readonly Channel<OrderId> _theirs = Bounded<OrderId>(most);

    /// <summary>Raised for each order that another node has changed, so that the store has it.</summary>
    public event Action<OrderId>? Heard;

    /// <inheritdoc/>
    public void OrdersChanged(IReadOnlyList<Order> orders)
    {
        foreach (var order in orders)
        {
            _ours.Writer.TryWrite(OrderHint.Of(order));
        }
    }

    /// <inheritdoc/>
    public void SaleChanged(Listing listing)
    {
        // Other nodes look at every sale.
    }

    /// <summary>Sends and hears until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        hints.Listen(Hear);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(StoppingAsync(SendAsync(stop.Token), stop), StoppingAsync(ReadAsync(stop.Token), stop));
    }

    private void Hear(IReadOnlyList<OrderHint> heard)
    {
        foreach (var (order, buyer) in heard)
        {
            Heard?.Invoke(order);
            if (live.MayWatch(buyer) || waits?.IsAwaited(order) == true)
            {
                _theirs.Writer.TryWrite(order);
            }
        }
    }

    /// <summary>What gathers while one message is on its way is the next.</summary>
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var some = new List<OrderHint>();
        while (await _ours.Reader.WaitToReadAsync(cancellationToken))
        {
            some.Clear();
            while (some.Count < OrderHint.MostAtOnce && _ours.Reader.TryRead(out var hint))
            {
                some.Add(hint);
            }

            await hints.SendAsync(some, cancellationToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var some = new HashSet<OrderId>();
        while (await _theirs.Reader.WaitToReadAsync(cancellationToken))
        {
            some.Clear();
            while (some.Count < ReadAtOnce && _theirs.Reader.TryRead(out var order))
            {
                some.Add(order);
            }

            try
            {
                var found = await ledger.FindAsync([.. some], cancellationToken);
                live.OrdersFound(found);
                waits?.OrdersChanged(found);
            }
            catch (StoreUnavailableException)
            {
                // The next look finds them.
            }
        }
    }

    private static async Task StoppingAsync(Task loop, CancellationTokenSource stop)
    {
        try
        {
            await loop;
        }
        finally
        {
            stop.Cancel();
        }
    }

    private static Channel<T> Bounded<T>(int most) => Channel.CreateBounded<T>(
        new BoundedChannelOptions(most) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
}
