namespace Doorbuster.Notification;

/// <summary>
/// What the store has to tell the gates, written in the transactions that it comes of. An entry stays until it is
/// delivered, and may be delivered twice; entries that commit late have lower ids than some that were seen before, so
/// nobody keeps a mark of how far they have read.
/// </summary>
public interface IOutbox
{
    /// <summary>Entries that nobody has deleted, in ascending order of id.</summary>
    /// <param name="after">The id to go on from within one pass over all of them; 0 begins with the first.</param>
    /// <param name="most">The most entries, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<OutboxEntry>> ReadAsync(long after, int most, CancellationToken cancellationToken);

    /// <summary>Deletes entries that were delivered. Twice is once.</summary>
    /// <exception cref="StoreUnavailableException">They may come again.</exception>
    /// <exception cref="OutcomeUnknownException">They may come again.</exception>
    ValueTask DeleteAsync(IReadOnlyCollection<long> entries, CancellationToken cancellationToken);
}
