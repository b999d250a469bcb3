namespace Doorbuster;

/// <summary>A sale's units, as one committed state of the order store has them.</summary>
/// <param name="Quantity">Units there are in all.</param>
/// <param name="Available">Units nobody holds.</param>
/// <param name="Reserved">Units whose orders wait for payment.</param>
/// <param name="Sold">Units of paid orders.</param>
/// <param name="Version">Grows with every change of the three above.</param>
public readonly record struct Stock(long Quantity, long Available, long Reserved, long Sold, long Version)
{
    /// <summary>The law: quantity = available + reserved + sold, and none of them below zero.</summary>
    public bool LawHolds =>
        Available >= 0 && Reserved >= 0 && Sold >= 0 && Quantity == Available + Reserved + Sold;
}
