using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>A store whose report says something else than what it has, or says it late.</summary>
internal sealed class TamperedStore(ISaleStore inner) : ISaleStore
{
    public Func<StoreReport, StoreReport> Tamper { get; set; } = report => report;

    /// <summary>What is said of a sale's units.</summary>
    public Func<Stock, Stock> TamperStock { get; set; } = stock => stock;

    /// <summary>Runs before a report is read.</summary>
    public Func<Task> BeforeReport { get; set; } = () => Task.CompletedTask;

    public ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken) =>
        inner.CreateAsync(sale, cancellationToken);

    public ValueTask<IReadOnlyList<GateSnapshot>> TakeOverAsync(CancellationToken cancellationToken) =>
        inner.TakeOverAsync(cancellationToken);

    public ValueTask<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.ChangeAsync(sale, change, now, cancellationToken);

    public ValueTask<Sale?> FindAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.FindAsync(sale, cancellationToken);

    public async ValueTask<IReadOnlyList<(SaleId Sale, Stock Stock)>> StockAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken) =>
        [
            .. from found in await inner.StockAsync(sales, cancellationToken)
               select (found.Sale, TamperStock(found.Stock)),
        ];

    public async ValueTask<StoreReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken)
    {
        await BeforeReport();
        return await inner.ReportAsync(sale, cancellationToken) is { } report ? Tamper(report) : null;
    }
}
