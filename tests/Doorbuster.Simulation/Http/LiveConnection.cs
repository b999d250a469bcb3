using Doorbuster.Notification;
using Doorbuster.Simulation.Law;

namespace Doorbuster.Simulation.Http;

/// <summary><c>GET /v1/sales/{id}/live</c>: one watcher's connection, from its snapshot to its end.</summary>
internal sealed class LiveConnection(World world, int slownessMs)
{
    private readonly TaskCompletionSource _closed = new();
    private Watcher? _watcher;
    private Scheduling.Realm? _node;

    /// <summary>Told of each message, in the world's realm.</summary>
    public required Action<LiveMessage> Told { get; init; }

    /// <summary>Completes once it is over, for whatever reason.</summary>
    public Task Closed => _closed.Task;

    public bool IsOpen { get; private set; }

    public bool HasSnapshot { get; private set; }

    /// <summary>Takes a place among the watchers, and then reads the snapshot; at the server.</summary>
    public async ValueTask<Reply> OpenAsync(Shopfront shop, SaleId sale, BuyerId buyer)
    {
        if (!shop.Node.Catalog.TryFind(sale.ToString(), out var listing)
            || shop.Node.Live.Watch(listing, buyer, cut: Close) is not { } watcher)
        {
            return new Reply(503, "busy");
        }

        _watcher = watcher;
        _node = (Scheduling.Realm)SynchronizationContext.Current!;
        IsOpen = true;
        world.Network.Connect(_node, Close);
        try
        {
            var orders = await OrdersAsync(shop, listing, buyer);
            watcher.Know(orders);
            var now = world.Clock.GetUtcNow();
            Deliver(new LiveMessage.OfSale(Showing.Of(listing, now), hasNewTerms: true));
            foreach (var order in orders)
            {
                Deliver(new LiveMessage.OfOrder(order, now));
            }
        }
        catch (Exception fault) when (fault is StoreUnavailableException or GateUnavailableException)
        {
            watcher.Dispose();
            Close();
            throw;
        }

        HasSnapshot = true;
        _ = PumpAsync(watcher);
        return new Reply(200);
    }

    private async ValueTask<IReadOnlyList<Order>> OrdersAsync(Shopfront shop, Listing listing, BuyerId buyer)
    {
        if (world.Site is not null)
        {
            return await shop.Node.Finder.OfBuyerAsync(listing, buyer, ids => ids, CancellationToken.None);
        }

        var ids = await shop.Node.Gate.OrdersOfAsync(listing.Sale.Id, buyer, CancellationToken.None);
        return await shop.Node.Ledger.FindAsync(ids, CancellationToken.None);
    }

    /// <summary>The watcher goes.</summary>
    public void Leave()
    {
        _node?.Post(static state => ((LiveConnection)state!)._watcher!.Leave(), this);
        Close();
    }

    private async Task PumpAsync(Watcher watcher)
    {
        while (await watcher.WaitAsync())
        {
            while (watcher.TryTake(out var message))
            {
                Deliver(message);
                if (slownessMs > 0 && !world.Faults.IsOver)
                {
                    await world.Agenda.WaitAsync(_node!, slownessMs * TimeSpan.TicksPerMillisecond);
                }
            }
        }

        if (watcher.End == WatchEnd.TooSlow)
        {
            world.Auditor.Reach(Branch.WatcherDropped);
        }

        watcher.Dispose();
        Close();
    }

    /// <summary>Messages of one connection arrive in their order.</summary>
    private void Deliver(LiveMessage message) => Told(message);

    private void Close()
    {
        IsOpen = false;
        world.Realm.Post(static state => ((TaskCompletionSource)state!).TrySetResult(), _closed);
    }
}
