using Doorbuster.Orders;

namespace Doorbuster.Notification;

/// <summary>One thing that a sale's gate is to be told.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Sale">The sale.</param>
/// <param name="Epoch">
/// The store's epoch when it was written: a gate of the same applies it, one of a later has it in its snapshot.
/// </param>
/// <param name="Release">Units that go back; null where it is about something else.</param>
public sealed record OutboxEntry(long Id, SaleId Sale, long Epoch, Release? Release)
{
    /// <summary>
    /// Terms that an operator has changed, as they and the epoch are when the entry is read; null where it is about
    /// something else.
    /// </summary>
    public Sale? Terms { get; init; }

    /// <summary>
    /// Whether the gate has promised units that there were not: it is to be rebuilt, if it is still of this epoch.
    /// </summary>
    public bool HasDrifted => Release is null && Terms is null;
}
