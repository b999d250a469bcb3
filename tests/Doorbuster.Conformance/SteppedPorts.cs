using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>All that a rebuild works with, as one node has it.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="Log">Its log.</param>
/// <param name="Epochs">The store's epochs.</param>
/// <param name="Leases">Turns.</param>
/// <param name="Fulfilment">The store's side of the log.</param>
public sealed record RebuildPorts(
    ISharedGate Gate, IClaimLog Log, IEpochs Epochs, ILease Leases, IFulfilmentLedger Fulfilment);

/// <summary>
/// One node's ports, which stop before and after each of the node's steps, so that a test can do there what it likes:
/// let the node die, or others act.
/// </summary>
/// <param name="inner">The ports.</param>
/// <param name="atStep">What happens at a step; the steps are numbered from 1.</param>
public sealed class SteppedPorts(RebuildPorts inner, Func<int, Task> atStep)
    : ISharedGate, IClaimLog, IEpochs, ILease, IFulfilmentLedger
{
    private int _steps;

    /// <summary>The same ports as the node takes them.</summary>
    public RebuildPorts Ports => new(this, this, this, this, this);

    public IReadOnlyCollection<string> Servers => inner.Gate.Servers;

    public string ServerOf(SaleId sale) => inner.Gate.ServerOf(sale);

    public ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        StepAsync(() => inner.Gate.LookAsync(sale, cancellationToken));

    public ValueTask<bool> FenceAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        StepAsync(() => inner.Gate.FenceAsync(sale, epoch, cancellationToken));

    public ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken) =>
        StepAsync(() => inner.Gate.OpenAsync(snapshot, cancellationToken));

    public ValueTask<IReadOnlyList<AdmittedBatch>> ScanAsync(
        SaleId sale, string? after, int most, CancellationToken cancellationToken) =>
        StepAsync(() => inner.Log.ScanAsync(sale, after, most, cancellationToken));

    public async ValueTask AcknowledgeAsync(
        IReadOnlyCollection<AdmittedBatch> entries, CancellationToken cancellationToken) =>
        await StepAsync(async () =>
        {
            await inner.Log.AcknowledgeAsync(entries, cancellationToken);
            return true;
        });

    public ValueTask<IReadOnlyList<SaleEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
        StepAsync(() => inner.Epochs.ReadEpochsAsync(cancellationToken));

    public ValueTask<SaleEpoch?> FindEpochAsync(SaleId sale, CancellationToken cancellationToken) =>
        StepAsync(() => inner.Epochs.FindEpochAsync(sale, cancellationToken));

    public ValueTask<GateSnapshot?> RaiseAsync(
        SaleId sale, long from, long to, string reason, CancellationToken cancellationToken) =>
        StepAsync(() => inner.Epochs.RaiseAsync(sale, from, to, reason, cancellationToken));

    public ValueTask<LeaseGrant?> TakeAsync(
        string name, string holder, TimeSpan life, CancellationToken cancellationToken) =>
        StepAsync(() => inner.Leases.TakeAsync(name, holder, life, cancellationToken));

    public ValueTask<IReadOnlyList<Order>> FulfilAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken) =>
        StepAsync(() => inner.Fulfilment.FulfilAsync(entries, cancellationToken));

    // What the node does not do while it rebuilds, or does beside it, is no step.
    public ValueTask<bool> RenewAsync(LeaseGrant grant, TimeSpan life, CancellationToken cancellationToken) =>
        inner.Leases.RenewAsync(grant, life, cancellationToken);

    public ValueTask ReleaseAsync(LeaseGrant grant, CancellationToken cancellationToken) =>
        inner.Leases.ReleaseAsync(grant, cancellationToken);

    public ValueTask BuryAsync(AdmittedBatch entry, string reason, CancellationToken cancellationToken) =>
        inner.Fulfilment.BuryAsync(entry, reason, cancellationToken);

    public ValueTask<bool> RemoveAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        inner.Gate.RemoveAsync(sale, epoch, cancellationToken);

    public ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken) =>
        inner.Gate.ClaimAsync(batches, cancellationToken);

    public ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken) =>
        inner.Gate.ReleaseAsync(releases, cancellationToken);

    public ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken) =>
        inner.Gate.ApplyAsync(sale, epoch, cancellationToken);

    public ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.Gate.ReportAsync(sale, cancellationToken);

    public ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        inner.Gate.OrdersOfAsync(sale, buyer, cancellationToken);

    public ValueTask<BuyerHoldings?> HeldByAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        inner.Gate.HeldByAsync(sale, buyer, cancellationToken);

    public ValueTask<IReadOnlyList<AdmittedBatch>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, int most, CancellationToken cancellationToken) =>
        inner.Log.ReadAsync(sales, most, cancellationToken);

    public ValueTask<IReadOnlyList<AdmittedBatch>> TakeOverAsync(
        IReadOnlyCollection<SaleId> sales, TimeSpan idle, int most, CancellationToken cancellationToken) =>
        inner.Log.TakeOverAsync(sales, idle, most, cancellationToken);

    public ValueTask<LogDepth> MeasureAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.Log.MeasureAsync(sale, cancellationToken);

    private async ValueTask<T> StepAsync<T>(Func<ValueTask<T>> call)
    {
        await atStep(++_steps);
        var result = await call();
        await atStep(++_steps);
        return result;
    }
}
