using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What every order store does, by its ports: <see cref="ILedger"/>, <see cref="ISaleStore"/> and
/// <see cref="IOrderStore"/>. A store's tests inherit it and say how an empty store is made, and how one that was
/// closed is opened again.
/// </summary>
public abstract partial class LedgerConformance : IAsyncLifetime
{
    private StoreUnderTest? _store;

    protected StoreUnderTest Store => _store!;

    protected ILedger Ledger => Store.Ledger;

    protected ISaleStore Sales => Store.Sales;

    protected IOrderStore Orders => Store.Orders;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty store and opens it.</summary>
    protected abstract ValueTask<StoreUnderTest> CreateAsync();

    /// <summary>Opens the store that <see cref="CreateAsync"/> made, which was closed before.</summary>
    protected abstract ValueTask<StoreUnderTest> ReopenAsync();

    /// <summary>Removes what is left of the store, which is closed.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    /// <summary>What a restart does: the new owner opens what the old one closed, and takes every sale over.</summary>
    private async Task<IReadOnlyList<GateSnapshot>> RestartAsync()
    {
        await Store.DisposeAsync();
        _store = await ReopenAsync();
        return await Sales.TakeOverAsync(Cancel);
    }

    private async Task<Sale> CreateSaleAsync(string id = "drop", int quantity = 10, int limit = 1)
    {
        var sale = Samples.Sale(id, quantity, limit);
        Assert.NotNull(await Sales.CreateAsync(sale, Cancel));
        return sale;
    }

    private async Task CommitAsync(params IReadOnlyList<Admissions> admissions)
    {
        var receipt = await Ledger.CommitAsync(admissions, Cancel);
        Assert.Equal(CommitStatus.Committed, receipt.Status);
        Assert.All(admissions, ofSale => Assert.True(receipt.Covers(ofSale.Sale), $"{ofSale.Sale} was left out."));
    }

    /// <summary>Commits what must not be committed; whichever way the store says no, it must be a no.</summary>
    private async Task RefusesAsync(Admissions admissions)
    {
        CommitReceipt receipt = default;
        var fault = await Record.ExceptionAsync(async () => receipt = await Ledger.CommitAsync([admissions], Cancel));
        Assert.True(fault is not null || !receipt.Covers(admissions.Sale), "It was committed.");
    }

    private async Task<IReadOnlyList<Order>> FindAsync(params IReadOnlyList<Order> orders) =>
        await Ledger.FindAsync([.. orders.Select(order => order.Id)], Cancel);

    private async Task<Stock> StockAsync(Sale sale)
    {
        var report = await Sales.ReportAsync(sale.Id, Cancel);
        Assert.NotNull(report);
        Assert.True(report.Stock.LawHolds, $"{report.Stock}");
        Assert.Equal(report.Stock.Reserved, report.Reserved);
        Assert.Equal(report.Stock.Sold, report.Sold);
        return report.Stock;
    }
}
