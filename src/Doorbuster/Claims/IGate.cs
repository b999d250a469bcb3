using Doorbuster.Orders;

namespace Doorbuster.Claims;

/// <summary>Decides claims in batches. A sale it does not have is closed: never empty, never full.</summary>
public interface IGate
{
    /// <summary>
    /// Decides each batch's claims and answers every one of them. Two calls with the same sale never overlap.
    /// </summary>
    /// <param name="batches">One batch a sale; their answers are written by this call.</param>
    /// <param name="cancellationToken">Ends the call only before its point of no return: the store's commit.</param>
    ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a sale, or reopens it under a higher epoch; a snapshot of a lower epoch changes nothing.
    /// </summary>
    ValueTask OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// Frees the units of orders that the store has ended. Twice is once; a release that comes before the gate knows
    /// the order waits for it.
    /// </summary>
    /// <param name="releases">Orders, of any sales.</param>
    /// <param name="cancellationToken">Gives up; the same releases may be given again.</param>
    /// <returns>What the gates of these sales say afterwards.</returns>
    ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken);

    /// <summary>
    /// Takes over terms that the store has committed; only a higher revision changes anything, and what is available
    /// grows by the difference of the totals.
    /// </summary>
    /// <returns>What the gate says afterwards; null where it has no such sale.</returns>
    ValueTask<StockView?> ApplyAsync(Sale sale, CancellationToken cancellationToken);

    /// <summary>
    /// The stock and every order as the gate has them now, committed ones only; null where it has no such sale.
    /// </summary>
    ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken);

    /// <summary>One buyer's orders in a sale, in the order they were made; empty where there are none.</summary>
    ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(SaleId sale, BuyerId buyer, CancellationToken cancellationToken);
}
