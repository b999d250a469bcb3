using System.Reflection;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>The loop that watches over gates: what it looks at, when, and whom it tells.</summary>
public sealed class RebuilderTests
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryStore _store = new();
    private readonly InMemorySharedGate _gate;
    private readonly InMemoryLease _leases;
    private readonly List<string> _told = [];

    public RebuilderTests()
    {
        _gate = new InMemorySharedGate(_clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromSeconds(30));
        _leases = new InMemoryLease(_clock);
    }

    private RebuildPorts Ports => new(_gate, new InMemoryClaimLog(_gate, _clock), _store, _leases, _store);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_gate_that_is_missing_is_opened_at_the_first_look()
    {
        var sales = await CreateAsync("a", "b", "c", "d", "e", "f");

        Assert.Equal((true, 6), await Node().MendAllAsync(Cancel));

        foreach (var sale in sales)
        {
            Assert.Equal(GateStanding.Open, (await _gate.LookAsync(sale.Id, Cancel)).Standing);
        }

        Assert.Equal(6, _store.Raised.Count);
    }

    [Fact]
    public async Task A_gate_that_somebody_else_has_opened_anew_is_told_of_once()
    {
        var sale = Assert.Single(await CreateAsync("a"));
        var (first, second) = (Node("first"), Node("second"));
        await first.MendAllAsync(Cancel);
        await second.MendAllAsync(Cancel);
        await second.MendAllAsync(Cancel);
        Assert.Equal(["first a e2", "second a e2"], _told);

        Assert.Equal(3, (await first.RebuildAsync(sale.Id, "Somebody asked for it.", Cancel))?.Epoch);
        await second.MendAllAsync(Cancel);

        Assert.Equal(["first a e2", "second a e2", "first a e3", "second a e3"], _told);
        Assert.Contains((sale.Id, 3L, "Somebody asked for it."), _store.Raised);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_loop_looks_by_itself_and_at_once_where_a_claim_met_no_gate(int seed) => Run(seed, async () =>
    {
        var sales = await CreateAsync("a", "b");
        var node = Node();
        using var stop = new CancellationTokenSource();
        var loop = node.RunAsync(stop.Token);
        await UntilAsync(() => _told.Count == 2);

        var before = _clock.GetUtcNow();
        _gate.Damage(sales[1].Id);
        node.Suspect(sales[1].Id);
        await UntilAsync(() => _told.Contains("first b e3"));
        Assert.True(_clock.GetUtcNow() - before < TimeSpan.FromMilliseconds(100));

        _gate.Damage(sales[0].Id);
        await UntilAsync(() => _told.Contains("first a e3"));

        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
    });

    [Fact]
    public async Task A_store_that_was_restored_and_is_behind_its_gate_is_raised_above_it()
    {
        var sale = Assert.Single(await CreateAsync("a"));
        var ahead = _store.TakeSnapshot(sale.Id) with { Epoch = 7 };
        await _gate.OpenAsync(ahead, Cancel);

        Assert.True(await Node().MendAsync(sale.Id, Cancel));

        Assert.Equal(8, (await _gate.LookAsync(sale.Id, Cancel)).Epoch);
        Assert.Equal(8, (await _store.FindEpochAsync(sale.Id, Cancel))?.Epoch);
    }

    [Fact]
    public void F04_A_snapshot_opens_a_gate_once_for_what_has_happened_since_is_not_in_it() => Run(1, async () =>
    {
        var sale = Assert.Single(await CreateAsync("a"));
        var forgetful = DispatchProxy.Create<ISharedGate, ForgetfulGate>();
        ((ForgetfulGate)forgetful).Inner = _gate;
        var node = Node("first", Ports with { Gate = forgetful });

        Assert.False(await node.MendAsync(sale.Id, Cancel));
        Assert.True(await node.MendAsync(sale.Id, Cancel));

        Assert.Equal(3, (await _gate.LookAsync(sale.Id, Cancel)).Epoch);
        Assert.Equal([2L, 3L], _store.Raised.Select(raised => raised.Epoch));
    });

    [Fact]
    public void A_lease_is_kept_for_as_long_as_a_rebuild_takes() => Run(1, async () =>
    {
        var sale = Assert.Single(await CreateAsync("a"));
        var other = Node("second");
        var slow = new SteppedPorts(Ports, async step =>
        {
            // Each of its steps takes longer than a third of the lease, and all of them longer than the whole. It has
            // the lease from the third on, until the gate is open at the ninth.
            await Task.Delay(TimeSpan.FromSeconds(4), _clock);
            Assert.False(step is > 5 and < 18 && await other.MendAsync(sale.Id, Cancel));
        });

        Assert.True(await Node("first", slow.Ports).MendAsync(sale.Id, Cancel));
        Assert.Single(_store.Raised);
    });

    [Fact]
    public void A_node_that_dies_is_followed_once_its_lease_has_run_out() => Run(1, async () =>
    {
        var sale = Assert.Single(await CreateAsync("a"));
        await _leases.TakeAsync("rebuild a", "dead", new RebuilderOptions().LeaseLife, Cancel);
        using var stop = new CancellationTokenSource();
        var loop = Node().RunAsync(stop.Token);

        await UntilAsync(() => _told.Contains("first a e2"));

        Assert.True(_clock.GetUtcNow() - Samples.Noon >= new RebuilderOptions().LeaseLife);
        Assert.Equal(GateStanding.Open, (await _gate.LookAsync(sale.Id, Cancel)).Standing);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
    });

    private async Task<IReadOnlyList<Sale>> CreateAsync(params string[] ids)
    {
        Sale[] sales = [.. ids.Select(id => Samples.Sale(id))];
        foreach (var sale in sales)
        {
            await _store.CreateAsync(sale, Cancel);
        }

        return sales;
    }

    private Rebuilder Node(string name = "first", RebuildPorts? ports = null)
    {
        var own = ports ?? Ports;
        var node = new Rebuilder(
            own.Gate, own.Log, own.Epochs, own.Leases, new Fulfiller(own.Fulfilment, _clock), new RebuilderOptions(),
            name, _clock);
        node.EpochBegan += (sale, view) =>
        {
            lock (_told)
            {
                _told.Add($"{name} {sale} e{view.Epoch}");
            }
        };
        return node;
    }

    /// <summary>A gate whose server loses everything right after the first opening, of which nobody hears.</summary>
    public class ForgetfulGate : DispatchProxy
    {
        private bool _hasForgotten;

        internal InMemorySharedGate? Inner { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var answer = targetMethod!.Invoke(Inner, args);
            if (_hasForgotten || targetMethod.Name != nameof(IGate.OpenAsync))
            {
                return answer;
            }

            _hasForgotten = true;
            Inner!.Empty();
            return new ValueTask<StockView?>(default(StockView));
        }
    }

    /// <summary>Runs on one thread, in an order drawn from the seed.</summary>
    private void Run(int seed, Func<Task> story) => new SeededScheduler(seed, _clock).Run(story);

    private async Task UntilAsync(Func<bool> holds)
    {
        for (var round = 0; !holds(); round++)
        {
            Assert.True(round < 10_000, "It never comes to hold.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), _clock);
        }
    }
}
