namespace Doorbuster;

/// <summary>Where operators create and change sales, and where a node learns which there are.</summary>
public interface ISaleOffice
{
    /// <summary>Makes the catalog what the store has, before anybody is served.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task OpenAllAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Creates a sale and opens its gate. Safe to try again: a sale that exists is not created twice.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write now; the sale was not created.</exception>
    /// <exception cref="OutcomeUnknownException">It may be created or not: trying again tells.</exception>
    Task<SaleCreation> CreateAsync(Sale sale, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a sale: in the store first, then at its gate, and answers after that. Safe to try again: what stands in
    /// the store is given to the gate again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: trying again tells.</exception>
    Task<SaleChangeAnswer> ChangeAsync(SaleId sale, SaleChange change, CancellationToken cancellationToken);

    /// <summary>Finds a sale by the text of its id; null where there is none. It mostly ends at once.</summary>
    /// <exception cref="StoreUnavailableException">Nobody can tell now.</exception>
    ValueTask<Listing?> FindAsync(string? sale, CancellationToken cancellationToken);

    /// <summary>Keeps sales, gates and catalog together until it is cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
