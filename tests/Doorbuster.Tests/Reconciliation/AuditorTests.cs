using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>What an audit finds when one end says something else than the other, or breaks the law by itself.</summary>
public sealed class AuditorTests : IAsyncLifetime
{
    private static readonly TimeSpan LongestCommit = TimeSpan.FromSeconds(10);

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly Sale _sale = Samples.Sale(quantity: 10, limit: 3);
    private readonly TamperedStore _store;
    private readonly TamperedGate _gate;
    private readonly Auditor _auditor;

    public AuditorTests()
    {
        var store = new InMemoryStore();
        _store = new TamperedStore(store);
        _gate = new TamperedGate(new InMemoryGate(store, _clock, ordersPerBuyer: 64));
        _auditor = new Auditor(_store, _gate, _clock, LongestCommit);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Anna holds 2 units, Bert 1; 7 are left.</summary>
    public async ValueTask InitializeAsync()
    {
        await _gate.OpenAsync((await _store.CreateAsync(_sale, Cancel))!, Cancel);
        await _gate.ClaimAsync(
            [Samples.Batch(_sale, Samples.Claim(_sale, "anna", units: 2), Samples.Claim(_sale, "bert"))], Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_sale_at_rest_keeps_the_law()
    {
        var report = await _auditor.AuditAsync(_sale.Id, Cancel);

        Assert.NotNull(report);
        Assert.True(report.LawHolds);
        Assert.Equal((10, 7, 3, 0), (report.Quantity, report.Available, report.Reserved, report.Sold));
        Assert.Equal((7, 0, 1), (report.GateAvailable, report.Queued, report.Epoch));
    }

    [Fact]
    public async Task A_sale_that_does_not_exist_has_no_audit() =>
        Assert.Null(await _auditor.AuditAsync(SaleId.Parse("missing"), Cancel));

    [Fact]
    public async Task An_order_that_the_gate_has_lost_is_found()
    {
        _gate.Tamper = gate => gate with { Orders = [.. gate.Orders.Skip(1)] };

        await FindsAsync("stands in the store and not at the gate", "its orders leave 9");
    }

    [Fact]
    public async Task An_order_that_the_store_has_lost_is_found()
    {
        _store.Tamper = store => store with { Orders = [.. store.Orders.Skip(1)], Reserved = 1 };

        await FindsAsync("is at the gate and not in the store", "Reserved orders add up to 1, the stock says 3");
    }

    [Fact]
    public async Task An_order_that_another_buyer_has_at_the_gate_is_found()
    {
        _gate.Tamper = gate => gate with
        {
            Owners = gate.Orders.Aggregate(
                default(Ownership), (owners, order) => owners.With(order.Key, BuyerId.Parse("anna").GetHashCode())),
        };

        await FindsAsync("have other buyers");
    }

    [Fact]
    public async Task A_count_of_admissions_that_differs_is_found()
    {
        _gate.Tamper = gate => gate with { Admitted = gate.Admitted + 1 };

        await FindsAsync("The gate has admitted 3 claims, the store 2");
    }

    [Fact]
    public async Task An_order_that_the_stores_index_has_elsewhere_is_found()
    {
        _store.Tamper = store => store with { Misplaced = [store.Orders[0].Key] };

        await FindsAsync("is not where the store's index has it");
    }

    [Fact]
    public async Task Sums_that_differ_while_claims_are_in_flight_are_no_difference()
    {
        var looks = 0;
        _gate.Tamper = gate => gate with
        {
            Admitted = gate.Admitted + (++looks),
            Owners = gate.Owners!.Value.With(new OrderKey(1, (ulong)looks), 1),
        };

        Assert.True((await AuditAsync()).LawHolds);
    }

    /// <summary>F13: found by simulation.</summary>
    [Fact]
    public async Task Units_that_were_added_in_the_store_and_not_yet_at_the_gate_are_no_difference()
    {
        var looks = 0;
        _store.Tamper = store => looks++ > 0
            ? store
            : store with { Stock = store.Stock with { Quantity = 13, Available = 10 } };

        Assert.True((await AuditAsync()).LawHolds);
    }

    [Fact]
    public async Task An_order_that_stands_twice_in_the_store_is_found()
    {
        _store.Tamper = store => store with { Orders = [.. store.Orders, store.Orders[0]], Reserved = 5 };

        await FindsAsync("or stands twice", "Reserved orders add up to 5");
    }

    [Fact]
    public async Task An_order_that_stands_twice_at_the_gate_is_found()
    {
        _gate.Tamper = gate => gate with { Orders = [.. gate.Orders, gate.Orders[0]] };

        await FindsAsync("its orders leave 5");
    }

    [Fact]
    public async Task An_order_that_holds_another_quantity_is_found()
    {
        _gate.Tamper = gate => gate with { Orders = [new HeldOrder(gate.Orders[0].Key, 1), gate.Orders[1]] };

        await FindsAsync("holds 2 in the store and 1 at the gate", "its orders leave 8");
    }

    [Fact]
    public async Task A_buyer_above_the_limit_is_found()
    {
        _store.Tamper = store => store with { HighestHolding = 4 };

        await FindsAsync("A buyer holds 4 units, the limit is 3");
    }

    [Theory]
    [InlineData(10, 8, 3, 0)]
    [InlineData(10, 6, 3, 0)]
    [InlineData(10, 8, 3, -1)]
    [InlineData(2, -1, 3, 0)]
    public async Task A_stock_that_breaks_the_law_is_found(long quantity, long available, long reserved, long sold)
    {
        _store.Tamper = store => store with { Stock = new Stock(quantity, available, reserved, sold, 9) };

        await FindsAsync("The stock breaks the law");
    }

    [Fact]
    public async Task Sold_units_without_their_orders_are_found()
    {
        _store.Tamper = store => store with { Sold = 2 };

        await FindsAsync("Paid orders add up to 2, the stock says 0");
    }

    [Fact]
    public async Task A_unit_that_leaked_from_the_gate_is_found()
    {
        _gate.Tamper = gate => gate with { View = gate.View with { Available = 6 } };

        await FindsAsync("The gate has 6 available, its orders leave 7");
    }

    [Fact]
    public async Task A_gate_of_another_epoch_is_found()
    {
        await _store.TakeOverAsync(Cancel);

        await FindsAsync("The gate's epoch is 1, the store's is 2");
    }

    [Fact]
    public async Task A_missing_gate_is_found()
    {
        _gate.Tamper = _ => null;

        await FindsAsync("The gate has no such sale");
    }

    [Fact]
    public async Task A_difference_that_goes_away_is_none()
    {
        var looks = 0;
        _store.Tamper = store => looks++ == 0 ? store with { Orders = [.. store.Orders.Skip(1)] } : store;

        Assert.True((await AuditAsync()).LawHolds);
        Assert.Equal(2, looks);
    }

    [Fact]
    public async Task Another_difference_at_each_look_is_none()
    {
        var looks = 0;
        _gate.Tamper = gate => looks++ == 0
            ? new GateReport(gate.View, [.. gate.Orders, new HeldOrder(new OrderKey(1, 1), 0)])
            : new GateReport(gate.View, [.. gate.Orders, new HeldOrder(new OrderKey(2, 2), 0)]);

        Assert.True((await AuditAsync()).LawHolds);
    }

    [Fact]
    public async Task A_thousand_differences_are_told_as_a_hundred()
    {
        var strangers = Enumerable.Range(1, 1_000).Select(i => new HeldOrder(new OrderKey(0, (ulong)i), 0));
        _gate.Tamper = gate => gate with { Orders = [.. gate.Orders, .. strangers] };

        Assert.Equal(100, (await AuditAsync()).Differences.Count);
    }

    private async Task FindsAsync(params IReadOnlyList<string> sentences)
    {
        var report = await AuditAsync();
        Assert.False(report.LawHolds);
        Assert.All(sentences, sentence => Assert.Contains(
            report.Differences, difference => difference.Contains(sentence, StringComparison.Ordinal)));
    }

    /// <summary>Turns the clock beyond the longest commit, where the auditor waits for it.</summary>
    private async Task<AuditReport> AuditAsync()
    {
        var auditing = _auditor.AuditAsync(_sale.Id, Cancel);
        _clock.Advance(LongestCommit);
        var report = await auditing;
        Assert.NotNull(report);
        return report;
    }
}
