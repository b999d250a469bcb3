using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What every gate does that commits to an order store before it answers. A gate's tests inherit it and say how the
/// gate and an empty store are made.
/// </summary>
public abstract partial class GateConformance : IAsyncLifetime
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private StoreUnderTest? _store;
    private FaultyLedger? _ledger;
    private IGate? _gate;

    protected IGate Gate => _gate!;

    protected FaultyLedger Ledger => _ledger!;

    protected ISaleStore Sales => _store!.Sales;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await CreateStoreAsync();
        _ledger = new FaultyLedger(_store.Ledger);
        _gate = CreateGate(_ledger, _clock, ordersPerBuyer: 64);
    }

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty store and opens it.</summary>
    protected abstract ValueTask<StoreUnderTest> CreateStoreAsync();

    /// <summary>Makes a gate without sales.</summary>
    protected abstract IGate CreateGate(ILedger ledger, TimeProvider clock, int ordersPerBuyer);

    /// <summary>Removes what is left of the store, which is closed.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    private async Task<Sale> OpenSaleAsync(string id = "drop", int quantity = 10, int limit = 1)
    {
        var sale = Samples.Sale(id, quantity, limit);
        await OpenAsync(sale);
        return sale;
    }

    private async Task OpenAsync(Sale sale)
    {
        var snapshot = await Sales.CreateAsync(sale, Cancel);
        Assert.NotNull(snapshot);
        await Gate.OpenAsync(snapshot, Cancel);
    }

    /// <summary>Claims as rows of a table, all in one batch; what they are told, as rows of a table.</summary>
    private async Task<string> ClaimAsync(Sale sale, params IReadOnlyList<string> rows)
    {
        var answers = await AnswerAsync(sale, [.. rows.Select(row => ClaimOf(sale, ClaimRow.Parse(row + " | ?")))]);
        return string.Join(", ", answers.Select(answer => ClaimTable.Word(answer.Outcome)));
    }

    private static Claim ClaimOf(Sale sale, ClaimRow row) => Samples.Claim(sale, row.Buyer, row.Key, row.Units);

    private async Task<ClaimAnswer[]> AnswerAsync(Sale sale, params Claim[] claims)
    {
        var batch = Samples.Batch(sale, claims);
        await Gate.ClaimAsync([batch], Cancel);
        return batch.Answers.ToArray();
    }

    /// <summary>Both ends keep the law, agree order by order, and leave so many units.</summary>
    private async Task BothEndsLeaveAsync(Sale sale, long available)
    {
        var store = await Sales.ReportAsync(sale.Id, Cancel);
        var gate = await Gate.ReportAsync(sale.Id, Cancel);
        Assert.NotNull(store);
        Assert.NotNull(gate);
        Assert.True(store.Stock.LawHolds, $"{store.Stock}");
        Assert.Equal((available, available), (store.Stock.Available, gate.View.Available));
        Assert.Equal(store.Orders.OrderBy(o => o.Key.High), gate.Orders.OrderBy(o => o.Key.High));
        Assert.Equal(store.Epoch, gate.View.Epoch);
    }
}
