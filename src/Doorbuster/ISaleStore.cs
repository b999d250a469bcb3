using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster;

/// <summary>
/// The order store's side of sales. A store is taken over before anything else is asked of it: until then it need not
/// know what it holds.
/// </summary>
public interface ISaleStore
{
    /// <summary>Creates a sale with all its units available, under epoch 1.</summary>
    /// <returns>The snapshot to open its gate with; null where a sale of that id exists. Safe to try again.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot write now; the sale was not created.</exception>
    /// <exception cref="OutcomeUnknownException">The sale may have been created or not.</exception>
    ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken);

    /// <summary>
    /// Raises every sale's epoch in one transaction and takes the snapshots, in ascending order of sale id. From then
    /// on nothing that an earlier owner of the gates decided can be committed.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write now.</exception>
    ValueTask<IReadOnlyList<GateSnapshot>> TakeOverAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Decides an operator's change by <see cref="SaleRule"/> and commits it with its event; a replenishment's units
    /// become available in the same transaction. On disk when it returns; safe to try again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write now; nothing was changed.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not; trying again tells.</exception>
    ValueTask<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// A sale's terms as they stand, once every change begun before has ended; null where there is no such sale.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot tell yet.</exception>
    ValueTask<Sale?> FindAsync(SaleId sale, CancellationToken cancellationToken);

    /// <summary>
    /// The units of these sales as their rows have them, each as of some commit; one look a sale, whatever it sold.
    /// </summary>
    /// <returns>In the order asked for; a sale that does not exist is left out.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<(SaleId Sale, Stock Stock)>> StockAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken);

    /// <summary>
    /// Counts a sale's units twice, as its row has them and as its orders add up, in one consistent read.
    /// </summary>
    /// <returns>Null where there is no such sale.</returns>
    ValueTask<StoreReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken);
}
