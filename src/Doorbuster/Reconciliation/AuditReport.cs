namespace Doorbuster.Reconciliation;

/// <summary>What an audit found.</summary>
/// <param name="Quantity">Units there are in all.</param>
/// <param name="Available">Units nobody holds, as the store has it.</param>
/// <param name="Reserved">Units of reserved orders.</param>
/// <param name="Sold">Units of paid orders.</param>
/// <param name="Queued">Units admitted and not yet in the store; 0 where gate and store commit together.</param>
/// <param name="GateAvailable">Units nobody holds, as the gate has it; null where the gate is missing.</param>
/// <param name="Epoch">The store's epoch.</param>
/// <param name="Differences">What breaks the law, a sentence each; empty where it holds.</param>
public sealed record AuditReport(
    long Quantity,
    long Available,
    long Reserved,
    long Sold,
    long Queued,
    long? GateAvailable,
    long Epoch,
    IReadOnlyList<string> Differences)
{
    /// <summary>Whether nothing was found.</summary>
    public bool LawHolds => Differences.Count == 0;
}

/// <summary>An audit that has ended.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Report">What it found.</param>
public sealed record PastAudit(DateTimeOffset At, AuditReport Report);
