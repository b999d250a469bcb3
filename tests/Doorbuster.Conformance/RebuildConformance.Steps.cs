using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class RebuildConformance
{
    [Fact]
    public async Task A_gate_that_is_damaged_is_rebuilt_with_all_that_was_admitted()
    {
        await DamageAsync();
        Assert.Equal("no gate", await TryClaimAsync("frida"));

        Assert.True(await Node("first").MendAsync(Sale.Id, Cancel));

        await StandsAsync("anna", "bert", "carl");
        Assert.Equal(2, await EpochAsync());
        Assert.Equal("same order", await TryClaimAsync("bert", units: 2));
        Assert.Equal("same order", await TryClaimAsync("dora"));
        Assert.Equal("same order", await TryClaimAsync("emil"));
        await ClaimAsync("frida");
        await EndsWellAsync();
    }

    [Fact]
    public async Task A_gate_that_stands_is_left_alone()
    {
        Assert.True(await Node("first").MendAsync(Sale.Id, Cancel));
        Assert.Equal((true, 1), await Node("first").MendAllAsync(Cancel));

        Assert.Equal(1, await EpochAsync());
    }

    [Fact]
    public async Task Whoever_has_the_lease_is_left_to_it()
    {
        await DamageAsync();
        var lease = await Ports.Leases.TakeAsync($"rebuild {Sale.Id}", "another", TimeSpan.FromMinutes(10), Cancel);

        Assert.False(await Node("first").MendAsync(Sale.Id, Cancel));
        Assert.Equal(1, await EpochAsync());

        await Ports.Leases.ReleaseAsync(lease!, Cancel);
        Assert.True(await Node("first").MendAsync(Sale.Id, Cancel));
        await EndsWellAsync();
    }

    [Fact]
    public async Task I1_a_gate_that_promised_units_that_there_were_not_is_rebuilt()
    {
        // Claims that no gate of ours has admitted take what the gate believes it has.
        var strangers = Enumerable.Range(0, 15).Select(n => Claim($"stranger-{n}")).ToArray();
        var entry = (await Ports.Log.ScanAsync(Sale.Id, after: null, most: 1, Cancel))[0];
        await Ports.Fulfilment.FulfilAsync([entry with { Id = "1-1", Claims = strangers }], Cancel);
        await ClaimAsync("frida", units: 2);
        await DrainAsync();
        Assert.True((await Ports.Epochs.FindEpochAsync(Sale.Id, Cancel))!.Value.HasDrifted);

        Assert.True(await Node("first").MendAsync(Sale.Id, Cancel));

        Assert.Equal(2, await EpochAsync());
        var frida = Assert.Single(await Store.Ledger.FindAsync([Claim("frida").Order], Cancel));
        Assert.Equal(RejectionReason.NoUnitsLeft, frida.Rejection);
    }

    [Fact]
    public async Task A_node_may_die_at_any_step_and_another_ends_what_it_began()
    {
        var steps = 0;
        for (var deadly = 1; ; deadly++)
        {
            await DamageAsync();
            var epoch = await EpochAsync();
            var dying = new SteppedPorts(Ports, step => step == deadly
                ? Task.FromException(new NodeDiedException())
                : Task.CompletedTask);
            if (await Record.ExceptionAsync(() => Node($"dying {deadly}", dying.Ports).MendAsync(Sale.Id, Cancel)) is
                not NodeDiedException)
            {
                break;
            }

            steps = deadly;
            await EndsWellAsync();
            Assert.InRange(await EpochAsync(), epoch + 1, epoch + 2);
            Assert.Equal("same order", await TryClaimAsync("bert", units: 2));
            await StandsAsync("anna", "bert", "carl");
        }

        Assert.True(steps > 15, $"Only {steps} steps were tried.");
    }

    [Fact]
    public async Task F04_two_nodes_may_rebuild_at_once_at_any_step_and_the_higher_epoch_wins()
    {
        for (var at = 1; await AtStepAsync(at, OtherNodeAsync); at++)
        {
            await EndsWellAsync();
            await StandsAsync("anna", "bert", "carl");
        }

        async Task OtherNodeAsync(int turn)
        {
            // The first is only slow, and its lease has run out.
            await ExpireLeasesAsync();
            await Node($"other {turn}").MendAsync(Sale.Id, Cancel);
            await TryClaimAsync($"buyer-{turn}");
        }
    }

    [Fact]
    public async Task F12_an_order_that_ends_while_its_gate_is_rebuilt_is_released_once()
    {
        var ended = new List<(string Buyer, long Epoch)>();
        await DrainAsync();
        await ClaimAsync("buyer-1");
        for (var at = 1; await AtStepAsync(at, EndAsync); at++)
        {
            Assert.True(await Node($"after {at}").MendAsync(Sale.Id, Cancel));
            foreach (var (buyer, epoch) in ended)
            {
                // The outbox tells until the gate has heard it, and may tell again.
                Assert.NotEmpty(await ReleaseAsync(buyer, epoch));
                Assert.NotEmpty(await ReleaseAsync(buyer, epoch));
            }

            ended.Clear();
            await EndsWellAsync();
            await ClaimAsync($"buyer-{at + 1}");
        }

        async Task EndAsync(int turn)
        {
            // A worker commits what is in the log, beside the rebuild that does the same, and the buyer thinks better
            // of it.
            var buyer = $"buyer-{turn}";
            await DrainAsync();
            await CancelAsync(buyer);
            var epoch = await EpochAsync();
            ended.Add((buyer, epoch));
            await ReleaseAsync(buyer, epoch);
        }
    }

    [Fact]
    public async Task F19_an_operators_change_while_a_gate_is_rebuilt_is_neither_lost_nor_doubled()
    {
        var changes = new List<(Sale Sale, long Epoch)>();
        for (var at = 1; await AtStepAsync(at, PauseAsync); at++)
        {
            Assert.True(await Node($"after {at}").MendAsync(Sale.Id, Cancel));
            foreach (var (sale, epoch) in Enumerable.Reverse(changes))
            {
                Assert.NotNull(await Ports.Gate.ApplyAsync(sale, epoch, Cancel));
            }

            changes.Clear();
            await EndsWellAsync();
            Assert.Equal("paused", await TryClaimAsync($"late-{at}"));
            await ChangeAsync(new SaleChange.Resume());
        }

        async Task PauseAsync(int turn)
        {
            await ChangeAsync(new SaleChange.Replenish(1, $"more-{turn}"));
            await ChangeAsync(new SaleChange.Pause());
        }

        async Task ChangeAsync(SaleChange change)
        {
            var answer = await Store.Sales.ChangeAsync(Sale.Id, change, TimeProvider.System.GetUtcNow(), Cancel);
            Assert.Equal(SaleChangeOutcome.Done, answer.Outcome);
            var epoch = await EpochAsync();
            changes.Add((answer.Sale!, epoch));
            await Ports.Gate.ApplyAsync(answer.Sale!, epoch, Cancel);
        }
    }

    /// <summary>Damages the gate, and has a node rebuild it; at one of its steps something else happens.</summary>
    /// <returns>Whether there was such a step.</returns>
    private async Task<bool> AtStepAsync(int at, Func<int, Task> interlude)
    {
        await DamageAsync();
        var happened = false;
        var stepped = new SteppedPorts(Ports, async step =>
        {
            if (step == at)
            {
                happened = true;
                await interlude(at);
            }
        });
        await Node($"slow {at}", stepped.Ports).MendAsync(Sale.Id, Cancel);
        return happened;
    }

    private sealed class NodeDiedException : Exception;
}
