using Doorbuster.Claims;
using Doorbuster.Fulfilment;

namespace Doorbuster.Notification;

/// <summary>
/// Finds what watchers of this node would have been told by hints, had none been lost: it looks again and again at the
/// orders of those who watch, all of them in a few reads. The gate says which orders a buyer has; the store says how
/// they are.
/// </summary>
/// <remarks>
/// A look costs one call of the gate for 500 buyers and one read of the store for 500 orders that may still change,
/// however busy the sale is. Tests: <c>FarOrderTests</c>.
/// </remarks>
/// <param name="live">Who watches here.</param>
/// <param name="gate">The gate.</param>
/// <param name="ledger">Where orders are read.</param>
/// <param name="clock">The time between two looks.</param>
public sealed class OrderLooks(LiveFeed live, IRemoteGate gate, ILedger ledger, TimeProvider clock)
{
    /// <summary>The time between two looks: with a look's own time it is less than a second.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(750);

    private const int AtOnce = 500;

    /// <summary>Looks until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pace, clock, cancellationToken);
            foreach (var ofSale in live.WatchedBuyers().GroupBy(watched => watched.Sale))
            {
                foreach (var some in ofSale.Select(watched => watched.Buyer).Chunk(AtOnce))
                {
                    await LookAsync(ofSale.Key, some, cancellationToken);
                }
            }
        }
    }

    private async Task LookAsync(SaleId sale, BuyerId[] buyers, CancellationToken cancellationToken)
    {
        try
        {
            var open = live.OpenOrders(sale, buyers, await HeldByAsync(sale, buyers, cancellationToken));
            foreach (var some in open.Chunk(AtOnce))
            {
                live.OrdersFound(await ledger.FindAsync(some, cancellationToken));
            }
        }
        catch (StoreUnavailableException)
        {
            // The next look finds out.
        }
    }

    /// <summary>What the gate has of each of them; nothing where it cannot be asked.</summary>
    private async ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>?> HeldByAsync(
        SaleId sale, BuyerId[] buyers, CancellationToken cancellationToken)
    {
        try
        {
            return await gate.HeldByAllAsync(sale, buyers, cancellationToken);
        }
        catch (GateUnavailableException)
        {
            return null;
        }
    }
}
