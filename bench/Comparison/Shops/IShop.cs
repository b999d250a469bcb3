namespace Doorbuster.Comparison.Shops;

/// <summary>A contender that runs: programs that sell over HTTP, and a store that is read behind their backs.</summary>
internal interface IShop : IAsyncDisposable
{
    /// <summary>Where buyers go; the same after a restart.</summary>
    Uri Address { get; }

    /// <summary>The key that signs purchase tokens.</summary>
    byte[] Key { get; }

    /// <summary>Starts its programs, for the first time or again; they are ready once this returns.</summary>
    Task StartAsync();

    /// <summary>Ends its programs at once, as a power cut would.</summary>
    Task KillAsync();

    /// <summary>Opens a sale of which every buyer may have one.</summary>
    Task CreateSaleAsync(SaleId sale, int units);

    /// <summary>Units that the store has orders for, now; cheap enough to ask again and again.</summary>
    Task<long> CountAsync(SaleId sale);

    /// <summary>Reads every order of a sale from the store.</summary>
    Task<IReadOnlyList<StoredOrder>> ReadAsync(SaleId sale);
}

/// <summary>An order as the store has it.</summary>
/// <param name="Buyer">Whose it is.</param>
/// <param name="Quantity">Its units; of one that does not stand, none.</param>
/// <param name="CommittedAt">When its transaction was committed; null where the store does not say.</param>
internal sealed record StoredOrder(string Buyer, int Quantity, DateTimeOffset? CommittedAt);
