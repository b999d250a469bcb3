namespace Doorbuster.Fulfilment;

/// <summary>How a commit ended.</summary>
public enum CommitStatus
{
    /// <summary>On disk.</summary>
    Committed,

    /// <summary>Nothing was written, for certain.</summary>
    Failed,

    /// <summary>It may stand or not; only reading back tells.</summary>
    Unknown,
}

/// <summary>The answer to a commit.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Stale">Sales that were left out, because the store is not in the state the gate decided on.</param>
/// <param name="Changed">Sales that were left out, because an operator had just changed them.</param>
public readonly record struct CommitReceipt(
    CommitStatus Status, IReadOnlySet<SaleId>? Stale = null, IReadOnlySet<SaleId>? Changed = null)
{
    /// <summary>Whether a sale's admissions are on disk.</summary>
    public bool Covers(SaleId sale) =>
        Status == CommitStatus.Committed && Stale?.Contains(sale) != true && !IsChanged(sale);

    /// <summary>Whether a sale's terms are no longer those that the gate decided under.</summary>
    public bool IsChanged(SaleId sale) => Changed?.Contains(sale) == true;
}
