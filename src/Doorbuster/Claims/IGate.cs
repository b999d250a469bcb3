using Doorbuster.Orders;

namespace Doorbuster.Claims;

/// <summary>Decides claims in batches. A sale it does not have is closed: never empty, never full.</summary>
public interface IGate
{
    /// <summary>
    /// Decides each batch's claims and answers every one of them. What is admitted is in the store when this returns,
    /// and comes with its order; or it is in the claim log, written in one step with the decision, and comes without:
    /// then it is queued.
    /// </summary>
    /// <param name="batches">
    /// One batch a sale; their answers are written by this call. Two calls with the same sale overlap only at one
    /// outside this process.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the call only before its point of no return: the store's commit, or the step that writes the log.
    /// </param>
    ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a sale, or reopens it under a higher epoch; any other snapshot changes nothing. Safe to try again.
    /// </summary>
    /// <returns>
    /// What the gate says afterwards, of this epoch or a later one; null where it could not be opened, or not surely.
    /// </returns>
    ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// Frees the units of orders that the store has ended. Twice is once; an order that the gate does not know has
    /// ended there too from then on, so that its claim is a replay, or gives back what it takes.
    /// </summary>
    /// <param name="releases">Orders, of any sales.</param>
    /// <param name="cancellationToken">Gives up; the same releases may be given again.</param>
    /// <returns>
    /// What the gates of these sales say afterwards. A sale whose gate has not surely taken all of its releases is left
    /// out: they must be given again.
    /// </returns>
    ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken);

    /// <summary>
    /// Takes over terms that the store has committed; only a higher revision changes anything, and what is available
    /// grows by the difference of the totals.
    /// </summary>
    /// <param name="sale">The terms.</param>
    /// <param name="epoch">
    /// The store's epoch when it committed them: a gate of an earlier one must not take them for known, because the
    /// snapshot that replaces it may be older than they are. Null where gate and store are of one process.
    /// </param>
    /// <param name="cancellationToken">Gives up; the same terms may be given again.</param>
    /// <returns>
    /// What the gate says afterwards; null where it has no such sale, or has not surely taken them: give them again.
    /// </returns>
    ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken);

    /// <summary>
    /// The stock and every order as the gate has them now, queued and committed ones only; null where it has no such
    /// sale.
    /// </summary>
    /// <exception cref="GateUnavailableException">The gate cannot be asked now.</exception>
    ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken);

    /// <summary>
    /// One buyer's orders in a sale, in the order they were made; empty where there are none, or no such sale.
    /// </summary>
    /// <exception cref="GateUnavailableException">The gate cannot be asked now.</exception>
    ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(SaleId sale, BuyerId buyer, CancellationToken cancellationToken);
}
