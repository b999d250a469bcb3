using Doorbuster.Dispatch;

namespace Doorbuster.Fulfilment;

/// <summary>
/// The order store's side of the claim log. Everything is committed by the claims' ids, so that what comes twice, or
/// late, is done once; every call may be made again.
/// </summary>
public interface IFulfilmentLedger
{
    /// <summary>
    /// Makes of every claim an order, a rejection or nothing where one stands already: all in one transaction, on disk
    /// when it returns, decided by the one decision function under the sales' locks and under the epoch that each entry
    /// carries.
    /// </summary>
    /// <returns>The orders that came of the claims, or stood already: what their buyers are told.</returns>
    /// <exception cref="BadClaimException">A claim of them cannot be written; nothing was.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot write now; nothing was changed.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: doing it again tells.</exception>
    ValueTask<IReadOnlyList<Order>> FulfilAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a claim that cannot be written among the dead letters, for an operator to see: it stays queued and holds
    /// its units until it is replayed or rejected. A claim that stands, or is there already, is left as it is; one that
    /// a gate of a later epoch has admitted again carries that epoch from now on, for that gate holds its units.
    /// </summary>
    /// <param name="entry">The entry with this claim alone.</param>
    /// <param name="reason">Why it cannot be written.</param>
    /// <param name="cancellationToken">Ends the call only before the transaction begins.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write now; nothing was changed.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: doing it again tells.</exception>
    ValueTask BuryAsync(AdmittedBatch entry, string reason, CancellationToken cancellationToken);
}
