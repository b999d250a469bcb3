using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What every gate does that nodes share. A gate's tests inherit it and say how the gate is made, its clock turned and
/// its log read.
/// </summary>
public abstract partial class SharedGateConformance : IAsyncLifetime
{
    /// <summary>The age of the oldest entry above which the gate under test is busy.</summary>
    protected static readonly TimeSpan MaxQueueAge = TimeSpan.FromSeconds(30);

    /// <summary>So far from now that no server's own clock is past a sample's.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(36_525);

    private ISharedGate? _gate;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ISharedGate Gate => _gate!;

    public async ValueTask InitializeAsync() => _gate = await CreateGateAsync(ordersPerBuyer: 64);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a gate without sales, with a log of <see cref="MaxQueueAge"/>.</summary>
    protected abstract ValueTask<ISharedGate> CreateGateAsync(int ordersPerBuyer);

    /// <summary>Turns the gate's clock on; the sale is open, or was.</summary>
    protected abstract ValueTask TurnAsync(SaleId sale, DateTimeOffset now);

    /// <summary>The entries of a sale's log, in their order.</summary>
    protected abstract ValueTask<IReadOnlyList<AdmittedBatch>> LogOfAsync(SaleId sale);

    /// <summary>Takes entries out of a sale's log.</summary>
    protected abstract ValueTask DeleteAsync(SaleId sale, IReadOnlyCollection<string> entries);

    /// <summary>Opens a sample sale, and turns the clock to its opening.</summary>
    private async Task<Sale> OpenSaleAsync(string id = "drop", int quantity = 10, int limit = 1)
    {
        var sale = SampleSale(id, quantity, limit);
        Assert.NotNull(await Gate.OpenAsync(Snapshot(sale, epoch: 1), Cancel));
        await TurnAsync(sale.Id, sale.OpensAt);
        return sale;
    }

    private static Sale SampleSale(string id = "drop", int quantity = 10, int limit = 1)
    {
        var sale = Samples.Sale(id, quantity, limit);
        return sale with { OpensAt = sale.OpensAt + Ahead };
    }

    /// <summary>What a store that has these orders, as rows, would open a gate with.</summary>
    private static GateSnapshot Snapshot(Sale sale, long epoch, params IReadOnlyList<(Claim Claim, int Held)> orders)
    {
        var holdings = new Holdings();
        foreach (var (claim, units) in orders)
        {
            holdings.Add(claim.Buyer, new HeldOrder(claim.Order.Key, units));
        }

        var held = orders.Sum(order => (long)order.Held);
        var stock = new Stock(sale.Quantity, sale.Quantity - held, held, 0, Version: 7);
        return new GateSnapshot(sale, epoch, stock, orders.Count, holdings);
    }

    /// <summary>Claims as rows of a table, all in one batch; what they are told, as rows of a table.</summary>
    private async Task<string> ClaimAsync(Sale sale, params IReadOnlyList<string> rows) =>
        Told(await AnswerAsync(sale, [.. rows.Select(row => ClaimOf(sale, row))]));

    private async Task<SaleBatch> AnswerAsync(Sale sale, params Claim[] claims)
    {
        var batch = Samples.Batch(sale, claims);
        await Gate.ClaimAsync([batch], Cancel);
        return batch;
    }

    private static string Told(SaleBatch batch) =>
        string.Join(", ", batch.Answers.ToArray().Select(answer => ClaimTable.Word(answer.Outcome)));

    private static Claim ClaimOf(Sale sale, string row)
    {
        var (buyer, key, units, _) = ClaimRow.Parse(row + " | ?");
        return Samples.Claim(sale, buyer, key, units);
    }

    private static Claim Revive(Claim claim, int turn)
    {
        Assert.True(PaymentId.TryParse($"{claim.Order}.{turn}", out var payment));
        return claim with { Revival = new Revival(payment, turn) };
    }

    private async Task<StockView?> ReleaseAsync(Claim claim, int turn = 0, long? epoch = null)
    {
        var views = await Gate.ReleaseAsync([new Release(claim.Order, claim.Buyer, turn, epoch)], Cancel);
        return views.Count == 0 ? null : Assert.Single(views).View;
    }

    /// <summary>What is available, and every order with what it holds; sorted, for a gate promises no order.</summary>
    private async Task<string> StandsAsync(Sale sale)
    {
        var report = await Gate.ReportAsync(sale.Id, Cancel);
        Assert.NotNull(report);
        Assert.False(report.IsMoving);
        var orders = report.Orders.OrderBy(order => order.Key.High);
        return $"{report.View.Available} | {string.Join(' ', orders)}";
    }

    private async Task LeavesAsync(Sale sale, long available) =>
        Assert.Equal(available, (await Gate.LookAsync(sale.Id, Cancel)).View?.Available);
}
