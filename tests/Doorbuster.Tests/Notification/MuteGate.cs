using Doorbuster.Claims;
using Doorbuster.Orders;

namespace Doorbuster.Tests.Notification;

/// <summary>
/// A gate on two servers, one of which has one sale and says nothing of its units before it is told to speak.
/// </summary>
internal sealed class MuteGate(ISharedGate inner) : ISharedGate
{
    private readonly TaskCompletionSource _speaks = new();

    public SaleId? Silent { get; set; }

    /// <summary>How often it was told of units of that sale.</summary>
    public int Asked { get; private set; }

    public void Speak() => _speaks.TrySetResult();

    /// <summary>What asking of any other sale ends with; nothing happens where null.</summary>
    public Exception? Fault { get; set; }

    public IReadOnlyCollection<string> Servers { get; set; } = ["silent", "talking"];

    public string ServerOf(SaleId sale) => sale == Silent ? "silent" : "talking";

    public async ValueTask<IReadOnlyList<(SaleId Sale, StockView View)>> ReleaseAsync(
        IReadOnlyList<Release> releases, CancellationToken cancellationToken)
    {
        if (releases[0].Order.Sale == Silent)
        {
            Asked++;
            await _speaks.Task;
        }
        else if (Fault is { } fault)
        {
            throw fault;
        }

        return await inner.ReleaseAsync(releases, cancellationToken);
    }

    public ValueTask ClaimAsync(IReadOnlyList<SaleBatch> batches, CancellationToken cancellationToken) =>
        inner.ClaimAsync(batches, cancellationToken);

    public ValueTask<StockView?> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken) =>
        inner.OpenAsync(snapshot, cancellationToken);

    public ValueTask<StockView?> ApplyAsync(Sale sale, long? epoch, CancellationToken cancellationToken) =>
        inner.ApplyAsync(sale, epoch, cancellationToken);

    public ValueTask<GateReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.ReportAsync(sale, cancellationToken);

    public ValueTask<IReadOnlyList<OrderId>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        inner.OrdersOfAsync(sale, buyer, cancellationToken);

    public ValueTask<GateLook> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.LookAsync(sale, cancellationToken);

    public ValueTask<BuyerHoldings?> HeldByAsync(SaleId sale, BuyerId buyer, CancellationToken cancellationToken) =>
        inner.HeldByAsync(sale, buyer, cancellationToken);

    public ValueTask<bool> FenceAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        inner.FenceAsync(sale, epoch, cancellationToken);

    public ValueTask<bool> RemoveAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        inner.RemoveAsync(sale, epoch, cancellationToken);
}
