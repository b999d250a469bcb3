using Doorbuster.Payments;
using Doorbuster.Simulation.People;

namespace Doorbuster.Simulation.Law;

/// <summary>Once faults are over, all must come to rest in bounded time.</summary>
internal sealed class Rest(World world)
{
    /// <summary>The settlement waits up to five minutes after many failures, and everything else less.</summary>
    private static readonly long Longest = TimeSpan.TicksPerMinute * 7;

    /// <summary>Waits until nothing is left to be done.</summary>
    public async Task ComeAsync()
    {
        var end = world.Agenda.Now + Longest;
        while (Unrest() is { } unrest)
        {
            if (world.Agenda.Now > end)
            {
                world.Auditor.Break("all must come to rest", unrest);
                return;
            }

            await world.WaitAsync(100);
        }

        world.Auditor.Money.CheckAtRest();
    }

    /// <summary>Whoever watches has been told how everything stands.</summary>
    public async Task CheckWatchersAsync(IReadOnlyList<Watcher> watchers)
    {
        if (watchers.Count == 0)
        {
            return;
        }

        if (world.Site is not null)
        {
            await CheckToldInTimeAsync(watchers);
        }

        for (var tries = 0; tries < 30; tries++)
        {
            if (watchers.All(watcher => Missed(watcher) is null))
            {
                return;
            }

            await world.WaitAsync(500);
        }

        foreach (var watcher in watchers)
        {
            if (Missed(watcher) is { } missed)
            {
                world.Auditor.Break("I4 the buyer is told", missed);
            }
        }
    }

    /// <summary>
    /// A hint that is lost costs a second at most: nodes look at the orders of those who watch, and find what it would
    /// have told.
    /// </summary>
    private async Task CheckToldInTimeAsync(IReadOnlyList<Watcher> watchers)
    {
        await world.WaitAsync(1_000);
        var since = world.Agenda.Now - TimeSpan.TicksPerSecond;
        foreach (var watcher in watchers.Where(watcher => watcher.IsConnected && watcher.ConnectedAt < since))
        {
            var late = world.Auditor.Truth.Find(watcher.Sale)!.Orders.Find(order =>
                order.Row.Buyer == watcher.Buyer && order.ChangedAt < since
                && watcher.Find(order.Row.Id)?.Revision != order.Row.Revision);
            if (late is not null)
            {
                world.Auditor.Break(
                    "I4 a lost hint costs a second",
                    $"{watcher.Buyer} was last told of {watcher.Find(late.Row.Id)}, and it is {late.Row.Status}.");
            }
        }

        world.Auditor.Reach(Branch.ToldInTime);
    }

    private string? Missed(Watcher watcher)
    {
        var sale = world.Auditor.Truth.Find(watcher.Sale)!;
        if (!watcher.IsConnected)
        {
            return $"Who watches {watcher.Sale} finds no connection.";
        }

        if (watcher.Available != sale.Row.Stock.Available)
        {
            return $"Who watches {watcher.Sale} was told of {watcher.Available} units, and there are {sale.Row.Stock}.";
        }

        foreach (var order in sale.Orders)
        {
            if (order.Row.Buyer == watcher.Buyer && watcher.Find(order.Row.Id)?.Revision != order.Row.Revision)
            {
                return $"{watcher.Buyer} was last told of {watcher.Find(order.Row.Id)}, and it is {order.Row.Status}.";
            }
        }

        return null;
    }

    /// <summary>What is still to be done; null at rest.</summary>
    private string? Unrest()
    {
        if (!world.Network.IsUp || world.Network.UnderWay > 0)
        {
            return "Calls are under way.";
        }

        if (world.Provider.Undelivered > 0)
        {
            return $"{world.Provider.Undelivered} events of the provider are not accepted.";
        }

        foreach (var payment in world.Store.Payments)
        {
            if (payment.State == PaymentState.RefundDue || payment.Reviving is not null)
            {
                return $"{Till.Provider.Short(payment.Id)} is not settled: {payment.State}, turn {payment.Reviving}.";
            }
        }

        if (world.Site?.Unrest() is { } unrest)
        {
            return unrest;
        }

        // A unit whose reservation ended can be bought again within a second.
        var late = world.Clock.GetUtcNow().AddSeconds(-1);
        foreach (var order in world.Auditor.Truth.Orders)
        {
            if (order.Row.Status == OrderStatus.Reserved && order.Row.ExpiresAt < late)
            {
                return $"{Http.OrderSheet.Of(order.Row)}, should have expired at {order.Row.ExpiresAt:HH:mm:ss.fff}.";
            }
        }

        return null;
    }
}
