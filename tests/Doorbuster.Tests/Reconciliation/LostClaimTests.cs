using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>Claims lost with their gate: found when the buyer asks, and by the node that had queued them.</summary>
public sealed class LostClaimTests : IAsyncLifetime
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly Sale _sale = Samples.Sale(quantity: 10, limit: 3);
    private readonly InMemoryStore _store = new();
    private readonly RecordingNotifier _told = new();
    private readonly LostClaims _lost;
    private readonly InMemorySharedGate _gate;

    public LostClaimTests()
    {
        _gate = new InMemorySharedGate(_clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromSeconds(30));
        _lost = new LostClaims(_gate, _store, _told);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Anna's claim has become an order, and bert's is in the log.</summary>
    public async ValueTask InitializeAsync()
    {
        await _gate.OpenAsync((await _store.CreateAsync(_sale, Cancel))!, Cancel);
        await ClaimAsync("anna");
        await _store.FulfilAsync(_gate.LogOf(_sale.Id), Cancel);
        await ClaimAsync("bert");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_the_gate_has_is_queued()
    {
        Assert.Null(await FindAsync("bert"));
        Assert.Empty(_told.Orders);
    }

    [Fact]
    public async Task Nobody_can_tell_while_the_gate_is_missing_damaged_or_behind_the_store()
    {
        _gate.Damage(_sale.Id);
        Assert.Null(await FindAsync("carl"));
        await _store.RaiseAsync(_sale.Id, from: 1, to: 2, "It is damaged.", Cancel);
        Assert.Null(await FindAsync("carl"));
        Assert.Empty(_told.Orders);
    }

    [Fact]
    public async Task I4_what_neither_gate_nor_store_knows_under_one_epoch_is_rejected_once()
    {
        await RebuildAsync();

        var told = await FindAsync("bert");
        var again = await FindAsync("bert");

        Assert.Equal((OrderStatus.Rejected, RejectionReason.AdmissionLost), (told?.Status, told?.Rejection));
        Assert.Equal(told, again);
        Assert.Equal(told, _told.Orders[0]);
        Assert.Equal([OrderStatus.Reserved], _store.Find(Claim("anna").Order).Select(order => order.Status));
    }

    [Fact]
    public async Task F20_a_claim_that_is_admitted_at_that_moment_gives_its_units_back()
    {
        await RebuildAsync();
        var told = await FindAsync("carl");
        await ClaimAsync("carl");

        var orders = await _store.FulfilAsync(_gate.LogOf(_sale.Id), Cancel);

        Assert.Contains(told!, orders);
        var entries = await _store.ReadAsync(0, 9, Cancel);
        Assert.Equal(2, entries.Count);
        Assert.All(entries, entry => Assert.Equal(Claim("carl").Order, entry.Release?.Order));
        foreach (var entry in entries)
        {
            Assert.NotEmpty(await _gate.ReleaseAsync([entry.Release!.Value], Cancel));
            Assert.Equal(9, (await _gate.LookAsync(_sale.Id, Cancel)).View?.Available);
        }
    }

    [Fact]
    public void A_node_finds_out_by_itself_about_what_it_had_queued_once_a_gate_is_opened_anew() =>
        RunBeside(async unsettled =>
        {
            _told.Inner = unsettled;
            foreach (var buyer in (string[])["forgotten", "anna", "bert", "carl"])
            {
                unsettled.Add(Claim(buyer).Order, Claim(buyer).Buyer);
            }

            await RebuildAsync();
            unsettled.Suspect(_sale.Id, epoch: 2);
            while (unsettled.Count > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), _clock);
            }

            // Each once.
            Assert.Equal(
                Sorted([Claim("bert").Order, Claim("carl").Order]), Sorted(_told.Orders.Select(order => order.Id)));
            Assert.All(_told.Orders, order => Assert.Equal(RejectionReason.AdmissionLost, order.Rejection));
            Assert.Empty(_store.Find(Claim("forgotten").Order));
        });

    /// <summary>An old primary still has what the new gate does not (F05).</summary>
    [Fact]
    public async Task I4_an_earlier_gate_than_the_one_that_was_opened_settles_nothing()
    {
        Assert.Equal((false, null), await FindSinceAsync("bert", epoch: 2));
        Assert.Equal((true, null), await FindSinceAsync("bert", epoch: 1));

        await RebuildAsync();

        var (isTold, stands) = await FindSinceAsync("bert", epoch: 2);
        Assert.Equal((true, RejectionReason.AdmissionLost), (isTold, stands?.Rejection));
    }

    /// <summary>F04: Redis answers nobody just when the node looks.</summary>
    [Fact]
    public void I4_a_node_goes_on_looking_until_the_new_gate_has_told() =>
        RunBeside(async unsettled =>
        {
            unsettled.Add(Claim("bert").Order, Claim("bert").Buyer);
            await RebuildAsync();
            _gate.IsAway = true;
            unsettled.Suspect(_sale.Id, epoch: 2);
            await WaitAsync(seconds: 20);
            Assert.Empty(_told.Orders);

            _gate.IsAway = false;
            await WaitAsync(seconds: 1);

            Assert.Equal(RejectionReason.AdmissionLost, Assert.Single(_told.Orders).Rejection);
            Assert.Equal(0, unsettled.Count);
        });

    /// <summary>An earlier gate's answer came when the node had looked already (I4, F05).</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void I4_a_claim_that_was_on_its_way_when_the_gate_was_opened_anew_is_found_too(int seconds) =>
        RunBeside(async unsettled =>
        {
            await RebuildAsync();
            unsettled.Suspect(_sale.Id, epoch: 2);
            await WaitAsync(seconds);

            unsettled.Add(Claim("bert").Order, Claim("bert").Buyer);
            await WaitAsync(seconds: 125);

            Assert.Equal(Claim("bert").Order, Assert.Single(_told.Orders).Id);
        });

    [Fact]
    public void I4_however_many_gates_are_opened_anew_at_once_none_is_forgotten() =>
        RunBeside(async unsettled =>
        {
            unsettled.Add(Claim("bert").Order, Claim("bert").Buyer);
            await RebuildAsync();
            for (var i = 0; i < 5_000; i++)
            {
                unsettled.Suspect(SaleId.Parse($"other-{i}"), epoch: 2);
            }

            unsettled.Suspect(_sale.Id, epoch: 2);
            await WaitAsync(seconds: 1);

            Assert.Equal(Claim("bert").Order, Assert.Single(_told.Orders).Id);
        });

    [Fact]
    public void What_another_node_says_is_settled_makes_room_for_what_is_not()
    {
        var unsettled = new UnsettledClaims(_store, _lost, most: 3, _clock);
        for (var i = 0; i < 20; i++)
        {
            unsettled.Add(Claim($"settled-{i}").Order, Claim($"settled-{i}").Buyer);
            unsettled.Forget(Claim($"settled-{i}").Order);
        }

        foreach (var buyer in (string[])["anna", "bert", "carl"])
        {
            unsettled.Add(Claim(buyer).Order, Claim(buyer).Buyer);
        }

        Assert.Equal(3, unsettled.Count);
    }

    private Claim Claim(string buyer) => Samples.Claim(_sale, buyer);

    private ValueTask<(bool IsTold, Order? Stands)> FindSinceAsync(string buyer, long epoch) =>
        _lost.FindAsync(Claim(buyer).Order, Claim(buyer).Buyer, epoch, Cancel);

    /// <summary>Has a node look for lost claims beside what a test does.</summary>
    private void RunBeside(Func<UnsettledClaims, Task> test) => new SeededScheduler(1, _clock).Run(async () =>
    {
        var unsettled = new UnsettledClaims(_store, _lost, most: 3, _clock);
        using var stop = new CancellationTokenSource();
        var loop = unsettled.RunAsync(stop.Token);
        await test(unsettled);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
    });

    private static IEnumerable<OrderId> Sorted(IEnumerable<OrderId> orders) =>
        orders.OrderBy(order => $"{order}", StringComparer.Ordinal);

    private Task WaitAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _clock);

    private ValueTask<Order?> FindAsync(string buyer) =>
        _lost.FindAsync(Claim(buyer).Order, Claim(buyer).Buyer, Cancel);

    private async Task ClaimAsync(string buyer)
    {
        var batch = Samples.Batch(_sale, Claim(buyer));
        await _gate.ClaimAsync([batch], Cancel);
        Assert.Equal(Outcome.Admitted, batch.Answers[0].Outcome);
    }

    /// <summary>Gate and log are lost, and the gate is opened anew.</summary>
    private async Task RebuildAsync()
    {
        _gate.Delete(_sale.Id, [.. _gate.LogOf(_sale.Id).Select(entry => entry.Id)]);
        _gate.Damage(_sale.Id);
        var snapshot = await _store.RaiseAsync(_sale.Id, from: 1, to: 2, "It is damaged.", Cancel);
        Assert.NotNull(await _gate.OpenAsync(snapshot!, Cancel));
    }

    private sealed class RecordingNotifier : INotifier
    {
        public List<Order> Orders { get; } = [];

        public INotifier? Inner { get; set; }

        public void OrdersChanged(IReadOnlyList<Order> orders)
        {
            Orders.AddRange(orders);
            Inner?.OrdersChanged(orders);
        }

        public void SaleChanged(Listing listing) => Inner?.SaleChanged(listing);
    }
}
