using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Tests;

/// <summary>A store that cannot say what became of the first sale that is created.</summary>
internal sealed class UnsureStore(ISaleStore inner, bool stands) : ISaleStore
{
    private bool _isSure;

    public async ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken)
    {
        if (_isSure)
        {
            return await inner.CreateAsync(sale, cancellationToken);
        }

        _isSure = true;
        if (stands)
        {
            await inner.CreateAsync(sale, cancellationToken);
        }

        throw new OutcomeUnknownException("A fault was asked for.");
    }

    public ValueTask<IReadOnlyList<GateSnapshot>> TakeOverAsync(CancellationToken cancellationToken) =>
        inner.TakeOverAsync(cancellationToken);

    public ValueTask<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.ChangeAsync(sale, change, now, cancellationToken);

    public ValueTask<Sale?> FindAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.FindAsync(sale, cancellationToken);

    public ValueTask<IReadOnlyList<(SaleId Sale, Stock Stock)>> StockAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken) => inner.StockAsync(sales, cancellationToken);

    public ValueTask<StoreReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.ReportAsync(sale, cancellationToken);
}
