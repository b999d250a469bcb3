namespace Doorbuster;

/// <summary>
/// What sales a store has, for nodes that share it: another node may have created one, or changed its terms.
/// </summary>
public interface ISaleIndex
{
    /// <summary>Every sale, by what tells whether something about it has changed; in ascending order of id.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<SaleGlance>> GlanceAsync(CancellationToken cancellationToken);

    /// <summary>These sales as they stand; one that does not exist is left out.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<StandingSale>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, CancellationToken cancellationToken);
}

/// <summary>What tells whether something about a sale has changed.</summary>
/// <param name="Id">The sale.</param>
/// <param name="Epoch">The store's epoch.</param>
/// <param name="Revision">Grows with each change an operator makes.</param>
/// <param name="Version">Grows with every change of the stock.</param>
/// <param name="Available">Units nobody holds.</param>
/// <param name="IsOver">Whether its gate was removed for good: the store alone answers.</param>
public readonly record struct SaleGlance(
    SaleId Id, long Epoch, long Revision, long Version, long Available = 0, bool IsOver = false)
{
    /// <summary>What the gate has left, where the store is the gate; null where it is not.</summary>
    public StockView? Gate { get; init; }
}

/// <summary>A sale as it stands in the store.</summary>
/// <param name="Sale">Its terms.</param>
/// <param name="Epoch">The store's epoch.</param>
/// <param name="Stock">Its units.</param>
public sealed record StandingSale(Sale Sale, long Epoch, Stock Stock);
