using Doorbuster.Claims;
using Doorbuster.Orders;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>A gate whose report says something else than what it has.</summary>
internal sealed class TamperedGate(IGate inner) : IGate
{
    public Func<GateReport, GateReport?> Tamper { get; set; } = report => report;

    public ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken) =>
        inner.ClaimAsync(batches, cancellationToken);

    public ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken) =>
        inner.OpenAsync(snapshot, cancellationToken);

    public ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken) =>
        inner.ReleaseAsync(releases, cancellationToken);

    public ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken) =>
        inner.ApplyAsync(sale, epoch, cancellationToken);

    public async ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        await inner.ReportAsync(sale, cancellationToken) is { } report ? Tamper(report) : null;

    public ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        inner.OrdersOfAsync(sale, buyer, cancellationToken);
}
