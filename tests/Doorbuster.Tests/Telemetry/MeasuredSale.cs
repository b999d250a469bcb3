using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Doorbuster.Telemetry;
using Doorbuster.Tests.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Telemetry;

/// <summary>The engine around one sale, with someone who listens to what it measures.</summary>
internal sealed class MeasuredSale : IDisposable
{
    public const int MeasuredSales = 5;

    public static readonly TimeSpan LongestCommit = TimeSpan.FromSeconds(5);

    private readonly Catalog _catalog = new();
    private readonly Sale _sale;
    private readonly Lanes _lanes;
    private readonly ClaimDesk _desk;
    private readonly OrderQueue _queue;
    private readonly SaleOffice _office;
    private readonly StockTaker _taker;

    private MeasuredSale(VirtualTimeProvider clock, int quantity, bool hearsGates)
    {
        Clock = clock;
        _sale = Samples.Sale(quantity: quantity);
        var store = new InMemoryStore();
        var instruments = new Instruments(Meters.Listen());
        Ledger = new FaultyLedger(store);
        Store = new TamperedStore(store);
        Feed = new LiveFeed(_catalog, Limits, clock, instruments);
        var gate = new InMemoryGate(Ledger, clock, Limits.OrdersPerBuyer, Feed, instruments);
        _lanes = new Lanes(gate, Limits, count: 1, clock, instruments);
        _desk = new ClaimDesk(_lanes, Ledger, clock, instruments);
        _queue = new OrderQueue(store, new Aftermath(gate, _catalog, Feed), Limits, clock, instruments);
        _office = new SaleOffice(Store, gate, _catalog, Limits, clock);
        _taker = new StockTaker(Store, _catalog, Limits, clock, LongestCommit, instruments, hearsGates);
        instruments.Observe(_lanes, _queue, Feed, _taker);
        Auditor = new Auditor(Store, gate, clock, LongestCommit);
        Sources = new FigureSources(_catalog, Store, store, Auditor, LongestCommit);
    }

    public VirtualTimeProvider Clock { get; }

    public RecordingMeters Meters { get; } = new();

    public Limits Limits { get; } = new() { MeasuredSales = MeasuredSales, LaneCapacity = 512 };

    public FaultyLedger Ledger { get; }

    public TamperedStore Store { get; }

    public Auditor Auditor { get; }

    /// <summary>Where a dashboard's figures come from.</summary>
    public FigureSources Sources { get; }

    public LiveFeed Feed { get; }

    public Listing Listing =>
        _catalog.TryFind($"{_sale.Id}", out var listing) ? listing : throw new InvalidOperationException();

    public static void Run(int quantity, Func<MeasuredSale, Task> test, bool hearsGates = true)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        using var sale = new MeasuredSale(clock, quantity, hearsGates);
        new SeededScheduler(1, clock).Run(() => sale.LiveAsync(test));
    }

    /// <summary>Everyone claims a unit at once.</summary>
    public async Task ClaimAsync(params string[] buyers)
    {
        var listing = Listing;
        await Task.WhenAll(buyers.Select(buyer =>
            _desk.ClaimAsync(listing, BuyerId.Parse(buyer), "k", 1, CancellationToken.None).AsTask()));
    }

    /// <summary>Late money claims its order's units, as settlement does.</summary>
    public async Task ClaimAsync(Payment late)
    {
        Assert.True(OrderId.TryParse(late.OrderId, out var id));
        var order = (await Ledger.FindAsync([id], CancellationToken.None))[0];
        var claim = new Claim(id, order.Buyer, order.Quantity, Revival: new Revival(late.Id, order.Turn));
        Assert.Equal(Outcome.Admitted, (await _lanes.Of(id.Sale).ClaimAsync(Listing, claim)).Outcome);
    }

    public async Task<Payment> OpenPaymentAsync(string buyer) =>
        (await DoAsync(new OrderCommand.OpenPayment(OrderOf(buyer)))).Payment!;

    public Task<OrderAnswer> DoAsync(OrderCommand command) => _queue.DoAsync(command);

    public OrderId OrderOf(string buyer) => Samples.Claim(_sale, buyer).Order;

    public async Task AddAsync(Sale sale) =>
        Assert.Equal(SaleCreation.Created, await _office.CreateAsync(sale, CancellationToken.None));

    public Task PassAsync(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>Passes the time until the units were looked at again.</summary>
    public Task NextLookAsync() => PassAsync(StockTaker.Pause * 1.5);

    /// <summary>A counter, or a gauge, has these values and no others.</summary>
    public void Counts(string instrument, params (string Tag, double Value)[] values)
    {
        Assert.All(values, expected => Assert.Equal(
            $"{expected.Tag} {expected.Value}", $"{expected.Tag} {Meters.Total(instrument, expected.Tag)}"));
        Assert.Equal(values.Sum(expected => expected.Value), Meters.Total(instrument));
    }

    /// <summary>Available, reserved, sold and the law, as they are shown.</summary>
    public (double Available, double Reserved, double Sold, double Law) Units() =>
        (Meters.Total("doorbuster.sale.available"), Meters.Total("doorbuster.sale.reserved"),
            Meters.Total("doorbuster.sale.sold"), Meters.Total("doorbuster.sale.law"));

    public void Dispose() => Meters.Dispose();

    /// <summary>The tags are those that the reference says, each with one of its values.</summary>
    private static void HasItsTags(Measured measured)
    {
        var tags = Tag.OfInstrument(measured.Instrument);
        Assert.Equal(
            tags.Select(tag => tag.Key).Where(key => key != "error.type").Order(),
            measured.Tags.Keys.Where(key => key != "error.type").Order());
        foreach (var (key, value) in measured.Tags)
        {
            var tag = Assert.Single(tags, tag => tag.Key == key);
            Assert.True(tag.Values?.Contains(value) ?? SaleId.TryParse(value, out _), $"{key} is {value}.");
        }
    }

    private async Task LiveAsync(Func<MeasuredSale, Task> test)
    {
        using var end = new CancellationTokenSource();
        await AddAsync(_sale);
        var running = Task.WhenAll(_lanes.RunAsync(CancellationToken.None), _queue.RunAsync(CancellationToken.None));
        var looking = _taker.RunAsync(end.Token);
        await test(this);
        Meters.Look();
        Assert.All(Meters.All(), HasItsTags);
        end.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
        _lanes.Complete();
        _queue.Complete();
        await running;
    }
}
