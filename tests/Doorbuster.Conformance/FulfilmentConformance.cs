using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What every order store does with the claims that gates of their own have admitted, by its ports. A store's tests
/// inherit it and say how an empty store is made; its time stands still at <see cref="Samples.Noon"/>.
/// </summary>
public abstract partial class FulfilmentConformance : IAsyncLifetime
{
    private StoreUnderTest? _store;

    protected ISaleStore Sales => _store!.Sales;

    protected IOrderStore Orders => _store!.Orders;

    protected abstract IFulfilmentLedger Fulfilment { get; }

    protected abstract IOutbox Outbox { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _store!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty store and opens it, both sides of it.</summary>
    protected abstract ValueTask<StoreUnderTest> CreateAsync();

    /// <summary>Closes the side of the claim log.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    /// <summary>The orders whose claims are dead letters.</summary>
    protected abstract Task<IReadOnlyList<OrderId>> DeadLettersAsync();

    private async Task<Sale> CreateSaleAsync(string id = "drop", int quantity = 10, int limit = 1)
    {
        var sale = Samples.Sale(id, quantity, limit);
        Assert.NotNull(await Sales.CreateAsync(sale, Cancel));
        return sale;
    }

    private static AdmittedBatch Entry(Sale sale, params IReadOnlyList<Claim> claims) =>
        new(sale.Id, "1-0", Epoch: 1, sale.Revision, Samples.Noon.AddSeconds(-3), claims);

    private Task<IReadOnlyList<Order>> FulfilAsync(params IReadOnlyList<AdmittedBatch> entries) =>
        Fulfilment.FulfilAsync(entries, Cancel).AsTask();

    private async Task<IReadOnlyList<Order>> FindAsync(params IReadOnlyList<Claim> claims) =>
        await _store!.Ledger.FindAsync([.. claims.Select(claim => claim.Order)], Cancel);

    /// <summary>What the gates are to be told, in words: whose units go back, or that it has drifted.</summary>
    private async Task<string> ToldAsync() => string.Join(
        ", ",
        (await Outbox.ReadAsync(0, 1_000, Cancel)).Select(entry => entry.Release is { } release
            ? $"{release.Buyer} t{release.Turn} e{entry.Epoch}"
            : $"drifted e{entry.Epoch}"));

    /// <summary>The law holds, the orders add up to the stock, and the transitions have no gap.</summary>
    private async Task<(long Available, long Reserved, long Sold)> UnitsAsync(Sale sale)
    {
        var report = await Sales.ReportAsync(sale.Id, Cancel);
        Assert.True(report!.Stock.LawHolds, $"{report.Stock}");
        Assert.Equal((report.Stock.Reserved, report.Stock.Sold), (report.Reserved, report.Sold));
        Assert.True(report.HighestHolding <= report.PerBuyerLimit);
        var events = await Orders.EventsAsync(sale.Id, 0, 10_000, Cancel);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(no => (long)no), events.Select(entry => entry.No));
        return (report.Stock.Available, report.Stock.Reserved, report.Stock.Sold);
    }
}
