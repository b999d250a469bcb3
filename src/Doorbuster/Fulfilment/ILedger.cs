namespace Doorbuster.Fulfilment;

/// <summary>
/// The order store's side of a claim. Every call may be made again; none of them compensates for another.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Commits admitted claims as reserved orders, and late money's as paid ones: all sales of the batch in one
    /// transaction, on disk when it returns. A sale whose epoch, count of admissions or revision is no longer what the
    /// gate decided on is left out, and named.
    /// </summary>
    /// <param name="admissions">One a sale.</param>
    /// <param name="cancellationToken">Ends the call only before the transaction begins.</param>
    ValueTask<CommitReceipt> CommitAsync(IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken);

    /// <summary>
    /// Which of these orders stand as they were admitted, once every commit begun before has ended: it commits a
    /// transaction of its own first. For a commit whose outcome is unknown.
    /// </summary>
    /// <returns>The standing orders' keys; null where the store cannot tell yet.</returns>
    ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(Admissions admissions, CancellationToken cancellationToken);

    /// <summary>The orders that stand under these ids, in the ids' order; what is unknown is left out.</summary>
    /// <exception cref="StoreUnavailableException">
    /// The store cannot be read now; the call may be made again.
    /// </exception>
    ValueTask<IReadOnlyList<Order>> FindAsync(IReadOnlyList<OrderId> orders, CancellationToken cancellationToken);
}
