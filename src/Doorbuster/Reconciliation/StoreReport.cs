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
    IReadOnlyList<HeldOrder> Orders);
