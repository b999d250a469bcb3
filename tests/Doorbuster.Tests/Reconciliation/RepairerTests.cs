using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>A gate that differs from its store is told what it missed, or opened anew; no number is edited.</summary>
public sealed class RepairerTests : IAsyncLifetime
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly Sale _sale = Samples.Sale(quantity: 10, limit: 3);
    private readonly InMemoryStore _store = new();
    private readonly TamperedStore _reported;
    private readonly Catalog _catalog = new();
    private readonly List<SaleId> _lost = [];
    private Func<int, Task> _atStep = _ => Task.CompletedTask;
    private InMemoryGate _gate;

    public RepairerTests()
    {
        _reported = new TamperedStore(_store);
        _gate = NewGate();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Anna holds 2 units, Bert 1; 7 are left.</summary>
    public async ValueTask InitializeAsync()
    {
        var snapshot = (await _store.CreateAsync(_sale, Cancel))!;
        _catalog.Add(new Listing(snapshot));
        await _gate.OpenAsync(snapshot, Cancel);
        Assert.Equal("admitted", await ClaimAsync("anna", 2));
        Assert.Equal("admitted", await ClaimAsync("bert"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_sale_whose_ends_agree_is_left_alone()
    {
        Assert.True((await RepairAsync())?.LawHolds);
        Assert.Empty(_store.Raised);
    }

    [Fact]
    public async Task There_is_no_repair_of_no_sale() =>
        Assert.Null(await Repairer().RepairAsync(SaleId.Parse("missing"), Cancel));

    [Fact]
    public async Task F12_units_whose_release_never_came_are_released_by_the_orders_id()
    {
        await _store.ApplyAsync([new OrderCommand.Cancel(Claim("anna").Order)], Samples.Noon, Cancel);

        var found = await RepairAsync();

        Assert.True(found?.LawHolds);
        Assert.Equal((9, 1), (found!.GateAvailable, found.Epoch));
        Assert.Empty(_store.Raised);
    }

    [Fact]
    public async Task Terms_that_never_came_are_given_by_their_revision()
    {
        await _store.ChangeAsync(_sale.Id, new SaleChange.Replenish(5, "more"), Samples.Noon, Cancel);

        var found = await RepairAsync();

        Assert.True(found?.LawHolds);
        Assert.Equal((12, 1), (found!.GateAvailable, found.Epoch));
        Assert.Empty(_store.Raised);
    }

    [Fact]
    public async Task I2_a_gate_that_has_an_order_too_many_is_opened_anew()
    {
        await ForgetInStoreAsync();

        var found = await RepairAsync();

        Assert.True(found?.LawHolds, string.Join('\n', found!.Differences));
        Assert.Equal((7, 2), (found.GateAvailable, found.Epoch));
        Assert.Contains("A repair was asked for.", Assert.Single(_store.Raised).Reason, StringComparison.Ordinal);
        Assert.Equal("same order", await ClaimAsync("bert"));
        Assert.Equal("admitted", await ClaimAsync("carl"));
        Assert.Equal("admitted", await ClaimAsync("stranger"));
    }

    [Fact]
    public async Task What_breaks_the_law_within_the_store_is_left_to_people()
    {
        _reported.Tamper = report => report with { Reserved = 1 };

        Assert.False((await RepairAsync())?.LawHolds);
    }

    [Fact]
    public async Task F12_F19_what_happens_while_a_gate_is_opened_anew_reaches_the_new_one()
    {
        await ForgetInStoreAsync();
        var steps = 0;
        _atStep = async step =>
        {
            steps = step;
            if (step == 4)
            {
                // The store has raised the epoch, and the new gate is not open.
                Assert.Equal("busy", await ClaimAsync("carl"));
                await _store.ApplyAsync([new OrderCommand.Cancel(Claim("anna").Order)], Samples.Noon, Cancel);
                await _gate.ReleaseAsync([new Release(Claim("anna").Order, Claim("anna").Buyer, Turn: 0)], Cancel);
                var more = new SaleChange.Replenish(5, "more");
                var changed = await _store.ChangeAsync(_sale.Id, more, Samples.Noon, Cancel);
                await _gate.ApplyAsync(changed.Sale!, epoch: null, Cancel);
            }
        };

        var found = await RepairAsync();

        Assert.Equal(4, steps);
        Assert.True(found?.LawHolds, string.Join('\n', found!.Differences));
        Assert.Equal((14, 2), (found.GateAvailable, found.Epoch));
        Assert.Empty(_lost);
        Assert.Equal("admitted", await ClaimAsync("carl"));
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_leaves_the_gate_as_it_is_and_is_asked_again()
    {
        await ForgetInStoreAsync();
        _atStep = step => step == 3
            ? throw new StoreUnavailableException("It is away.")
            : Task.CompletedTask;
        await Assert.ThrowsAsync<StoreUnavailableException>(RepairAsync);
        Assert.Equal("admitted", await ClaimAsync("carl"));

        _atStep = _ => Task.CompletedTask;
        Assert.True((await RepairAsync())?.LawHolds);
        Assert.Empty(_lost);
    }

    /// <summary>The gate is given an order that no store has.</summary>
    private async Task ForgetInStoreAsync()
    {
        var snapshot = _store.TakeSnapshot(_sale.Id);
        snapshot.Holdings.Add(Claim("stranger").Buyer, new HeldOrder(Claim("stranger").Order.Key, 1));
        var stock = snapshot.Stock with { Available = snapshot.Stock.Available - 1 };
        _gate = NewGate();
        Assert.NotNull(await _gate.OpenAsync(snapshot with { Stock = stock }, Cancel));
    }

    private InMemoryGate NewGate()
    {
        var gate = new InMemoryGate(_store, _clock, ordersPerBuyer: 64);
        gate.OwnershipLost += _lost.Add;
        return gate;
    }

    private Claim Claim(string buyer, int units = 1) => Samples.Claim(_sale, buyer, units: units);

    private async Task<string> ClaimAsync(string buyer, int units = 1)
    {
        var batch = Samples.Batch(_sale, Claim(buyer, units));
        await _gate.ClaimAsync([batch], Cancel);
        return ClaimTable.Word(batch.Answers[0].Outcome);
    }

    private Repairer Repairer()
    {
        var ports = new RebuildPorts(null!, null!, _store, null!, null!);
        var epochs = new SteppedPorts(ports, step => _atStep(step));
        var auditor = new Auditor(_reported, _gate, _clock, TimeSpan.FromSeconds(5));
        return new Repairer(auditor, _store, _store, _gate, new OwnGateReopening(_gate, epochs), _catalog);
    }

    /// <summary>Repairs, while the clock goes on.</summary>
    private async Task<AuditReport?> RepairAsync()
    {
        var repair = Repairer().RepairAsync(_sale.Id, Cancel);
        while (!repair.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await repair;
    }
}
