namespace Doorbuster;

/// <summary>
/// What a gate last said of a sale's stock; a pair with a lower (epoch, version) is older and is dropped.
/// </summary>
/// <param name="Epoch">The gate's epoch.</param>
/// <param name="Version">Grows with every change of the stock.</param>
/// <param name="Available">Units nobody holds.</param>
public sealed record StockView(long Epoch, long Version, long Available)
{
    /// <summary>Whether this was said before the other.</summary>
    public bool IsOlderThan(StockView other) =>
        Epoch < other.Epoch || (Epoch == other.Epoch && Version < other.Version);
}
