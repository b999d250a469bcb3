namespace Doorbuster.Reconciliation;

/// <summary>
/// The order store's side of sales that are over: nothing of them is on its way, their gates are gone for good, and the
/// store alone answers for them. Every call may be made again.
/// </summary>
public interface ISaleEnding
{
    /// <summary>
    /// Makes a closed sale's orders findable by their buyers, in portions that hold nobody up, so that ending it takes
    /// only a moment.
    /// </summary>
    /// <param name="sale">The sale.</param>
    /// <param name="prepared">What an earlier call has returned; 0 before the first.</param>
    /// <param name="cancellationToken">Gives up; what was done need not be done again.</param>
    /// <returns>
    /// The number of the sale's last transition that was looked at; null where the sale may not be ended: it is not
    /// closed, is over, or claims of it are dead letters.
    /// </returns>
    /// <exception cref="StoreUnavailableException">The store cannot be asked now.</exception>
    ValueTask<long?> PrepareAsync(SaleId sale, long prepared, CancellationToken cancellationToken);

    /// <summary>
    /// In one transaction, under the sale's lock, notes that the gate of this epoch is gone for good, and raises the
    /// epoch by one: what comes late of it is stale, like after a rebuild. What the gate was to be told is dropped.
    /// </summary>
    /// <param name="sale">The sale.</param>
    /// <param name="epoch">The epoch of the gate that is gone.</param>
    /// <param name="prepared">What <see cref="PrepareAsync"/> returned: what came later is made findable here.</param>
    /// <param name="cancellationToken">Gives up; it may be done or not.</param>
    /// <returns>
    /// Whether it is over now; false where it is not closed, its epoch is another one, or claims of it are dead
    /// letters.
    /// </returns>
    /// <exception cref="StoreUnavailableException">It may be done or not: the sale tells.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: the sale tells.</exception>
    ValueTask<bool> EndAsync(SaleId sale, long epoch, long prepared, CancellationToken cancellationToken);

    /// <summary>
    /// Some buyers' orders in a sale that is over, with what they hold, in the order they were made.
    /// </summary>
    /// <returns>Each buyer's, in the order of the buyers.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be asked now.</exception>
    ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> OrdersOfAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken);
}
