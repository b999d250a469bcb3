using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>The whole engine over the reference store, with real threads and a clock that a test turns.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly Catalog _catalog = new();
    private readonly Lanes _lanes;
    private readonly SaleOffice _office;
    private readonly Task _running;

    public Shop(InMemoryStore? store = null, Limits? limits = null, int lanes = 1)
    {
        limits ??= new Limits();
        Store = store ?? new InMemoryStore();
        Ledger = new FaultyLedger(Store);
        Gate = new InMemoryGate(
            Ledger, Clock, limits.OrdersPerBuyer, ordersPerSale: limits.OrdersPerSale,
            ordersOfAllSales: limits.OrdersOfAllSales);
        _lanes = new Lanes(Gate, limits, lanes, Clock);
        _office = new SaleOffice(Store, Gate, _catalog, limits, Clock);
        Desk = new ClaimDesk(_lanes, Ledger, Clock);
        _running = Task.Run(() => _lanes.RunAsync(CancellationToken.None));
    }

    public VirtualTimeProvider Clock { get; } = new(Samples.Noon);

    public InMemoryStore Store { get; }

    public FaultyLedger Ledger { get; }

    public InMemoryGate Gate { get; }

    public ClaimDesk Desk { get; }

    /// <summary>Claims that wait in the lanes.</summary>
    public int Depth => _lanes.Depth;

    public async Task<Sale> OpenAsync(Sale sale)
    {
        Assert.Equal(SaleCreation.Created, await _office.CreateAsync(sale, CancellationToken.None));
        return sale;
    }

    /// <summary>Opens every sale of the store, as a start does.</summary>
    public Task OpenAllAsync() => _office.OpenAllAsync(CancellationToken.None);

    public Listing Listing(Sale sale) =>
        _catalog.TryFind(sale.Id.ToString(), out var listing) ? listing : throw new KeyNotFoundException($"{sale.Id}");

    public async Task<ClaimAnswer> ClaimAsync(Sale sale, string buyer, string key = "k", int units = 1) =>
        await Desk.ClaimAsync(Listing(sale), BuyerId.Parse(buyer), key, units, CancellationToken.None);

    /// <summary>Makes every claim on a thread of its own, all let go at once.</summary>
    public static async Task<ClaimAnswer[]> AtOnceAsync(IEnumerable<Func<Task<ClaimAnswer>>> claims)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = claims.Select(claim => Task.Run(async () =>
        {
            await start.Task;
            return await claim();
        })).ToArray();
        start.SetResult();
        return await Task.WhenAll(waiting);
    }

    /// <summary>The law holds, gate and store agree, and so many units are left.</summary>
    public async Task LeavesAsync(Sale sale, long available)
    {
        var auditor = new Auditor(Store, Gate, TimeProvider.System, TimeSpan.FromMilliseconds(1));
        var report = await auditor.AuditAsync(sale.Id, CancellationToken.None);
        Assert.NotNull(report);
        Assert.Empty(report.Differences);
        Assert.Equal((available, (long?)available), (report.Available, report.GateAvailable));
    }

    /// <summary>Ends once every claim that waits is answered, and rethrows what stopped the lanes.</summary>
    public async ValueTask DisposeAsync()
    {
        _lanes.Complete();
        await _running;
    }
}
