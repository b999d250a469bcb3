namespace Doorbuster.Reconciliation;

/// <summary>A sale as the order store has it, counted twice in one consistent read.</summary>
/// <param name="Epoch">The store's epoch.</param>
/// <param name="Stock">The units as the sale's row has them.</param>
/// <param name="Reserved">Units of reserved orders, added up.</param>
/// <param name="Sold">Units of paid orders, added up.</param>
/// <param name="HighestHolding">The most units one buyer holds, added up.</param>
/// <param name="PerBuyerLimit">The most units one buyer may hold.</param>
/// <param name="Orders">Every order with the units it holds.</param>
public sealed record StoreReport(
    long Epoch,
    Stock Stock,
    long Reserved,
    long Sold,
    long HighestHolding,
    int PerBuyerLimit,
    IReadOnlyList<HeldOrder> Orders)
{
    /// <summary>Which order is whose; null where nobody has added it up.</summary>
    public Ownership? Owners { get; init; }

    /// <summary>Claims admitted in the sale's life, which every commit compares; null where it is not known.</summary>
    public long? Admitted { get; init; }

    /// <summary>
    /// Orders that the store's own memory of its rows does not have where they are; what is just being written may be
    /// among them.
    /// </summary>
    public IReadOnlyList<OrderKey> Misplaced { get; init; } = [];
}
