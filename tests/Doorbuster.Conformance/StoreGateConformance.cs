using Doorbuster.Claims;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What every order store does that is the gate itself, for any number of nodes. A store's tests inherit it and say how
/// an empty store is made; the time by which claims are judged is the suite's to turn.
/// </summary>
public abstract partial class StoreGateConformance : IAsyncLifetime
{
    private static readonly GatePatience Patience =
        new(Tries: 3, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));

    private StoreUnderTest? _store;
    private VirtualTimeProvider? _clock;
    private readonly Listener _told = new();
    private FaultyGateStore? _gateStore;
    private StoreGate? _gate;

    protected ISaleStore Sales => _store!.Sales;

    protected IOrderStore Orders => _store!.Orders;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The store's side of the gate.</summary>
    protected abstract IGateStore GateStore { get; }

    private FaultyGateStore Store => _gateStore!;

    private StoreGate Gate => _gate!;

    public async ValueTask InitializeAsync()
    {
        _store = await CreateAsync();
        Begin(Samples.Noon, ordersPerBuyer: 64);
    }

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty store and opens it, both sides of it.</summary>
    protected abstract ValueTask<StoreUnderTest> CreateAsync();

    private void Begin(DateTimeOffset now, int ordersPerBuyer)
    {
        _clock = new VirtualTimeProvider(now);
        _gateStore = new FaultyGateStore(GateStore, _clock);
        _gate = NewGate(_gateStore, ordersPerBuyer, _told);
    }

    /// <summary>A node's gate.</summary>
    private static StoreGate NewGate(IGateStore store, int ordersPerBuyer = 64, INotifier? told = null) =>
        new(store, TimeProvider.System, ordersPerBuyer, Patience, () => 0.5, told);

    /// <summary>Another node's gate over the same store, with nothing between them but that.</summary>
    private StoreGate OtherNode() => NewGate(new FaultyGateStore(GateStore, _clock));

    private async Task<Sale> CreateSaleAsync(string id = "drop", int quantity = 10, int limit = 1)
    {
        var sale = Samples.Sale(id, quantity, limit);
        Assert.NotNull(await Sales.CreateAsync(sale, Cancel));
        return sale;
    }

    /// <summary>Claims as rows of a table, all in one batch; what they are told, as rows of a table.</summary>
    private Task<string> ClaimAsync(Sale sale, params IReadOnlyList<string> rows) => ClaimAsync(Gate, sale, rows);

    private static async Task<string> ClaimAsync(StoreGate gate, Sale sale, params IReadOnlyList<string> rows)
    {
        var claims = rows.Select(row => ClaimOf(sale, ClaimRow.Parse(row + " | ?")));
        var answers = await AnswerAsync(gate, sale, [.. claims]);
        return string.Join(", ", answers.Select(answer => ClaimTable.Word(answer.Outcome)));
    }

    private static Claim ClaimOf(Sale sale, ClaimRow row) => Samples.Claim(sale, row.Buyer, row.Key, row.Units);

    private Task<ClaimAnswer[]> AnswerAsync(Sale sale, params Claim[] claims) => AnswerAsync(Gate, sale, claims);

    private static async Task<ClaimAnswer[]> AnswerAsync(StoreGate gate, Sale sale, params Claim[] claims)
    {
        var batch = Samples.Batch(sale, claims);
        await gate.ClaimAsync([batch], Cancel);
        return batch.Answers.ToArray();
    }

    private async Task<IReadOnlyList<Order>> FindAsync(params IReadOnlyList<Claim> claims) =>
        await _store!.Ledger.FindAsync([.. claims.Select(claim => claim.Order)], Cancel);

    private async Task<OrderAnswer> ApplyAsync(OrderCommand command) =>
        Assert.Single(await Orders.ApplyAsync([command], _clock!.GetUtcNow(), Cancel));

    /// <summary>The law holds, the orders add up to the stock, and the transitions have no gap.</summary>
    private async Task<(long Available, long Reserved, long Sold)> UnitsAsync(Sale sale)
    {
        var report = await Sales.ReportAsync(sale.Id, Cancel);
        Assert.True(report!.Stock.LawHolds, $"{report.Stock}");
        Assert.Equal((report.Stock.Reserved, report.Stock.Sold), (report.Reserved, report.Sold));
        Assert.True(report.HighestHolding <= report.PerBuyerLimit);
        Assert.Empty(report.Misplaced);
        var events = await Orders.EventsAsync(sale.Id, 0, 10_000, Cancel);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(no => (long)no), events.Select(entry => entry.No));
        return (report.Stock.Available, report.Stock.Reserved, report.Stock.Sold);
    }

    /// <summary>Hears which orders were made.</summary>
    private sealed class Listener : INotifier
    {
        public List<Order> Orders { get; } = [];

        public void OrdersChanged(IReadOnlyList<Order> orders) => Orders.AddRange(orders);

        public void SaleChanged(Listing listing)
        {
            // No sale changes here.
        }
    }
}
