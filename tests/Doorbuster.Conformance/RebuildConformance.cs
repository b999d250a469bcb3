using System.Globalization;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What holds whenever a gate is rebuilt, over any gate, log and store: wherever a node dies at it, whoever does the
/// same at the same time, and whatever the store does meanwhile. Those who inherit it bring the ports.
/// </summary>
public abstract partial class RebuildConformance : IAsyncLifetime
{
    private StoreUnderTest? _store;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The ports, as any node has them.</summary>
    protected abstract RebuildPorts Ports { get; }

    protected abstract IOutbox Outbox { get; }

    protected abstract ILostClaims LostClaims { get; }

    protected StoreUnderTest Store => _store!;

    /// <summary>The sale that is rebuilt; it has been open for a day by any clock.</summary>
    protected Sale Sale { get; } = Samples.Sale(quantity: 20, limit: 2) with { OpensAt = DateTimeOffset.UnixEpoch };

    public async ValueTask InitializeAsync()
    {
        _store = await CreateAsync();
        await SellAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _store!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty store, and a gate without sales.</summary>
    protected abstract ValueTask<StoreUnderTest> CreateAsync();

    /// <summary>Closes what is not the store's.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    /// <summary>Loses a part of the sale's gate, and nothing of its log.</summary>
    protected abstract ValueTask DamageAsync();

    /// <summary>Lets every lease run out.</summary>
    protected abstract ValueTask ExpireLeasesAsync();

    /// <summary>
    /// A sale in full swing: anna has an order, dora's has ended, emil's claim is a dead letter, and bert's and carl's
    /// are in the log, one of them in the hands of a worker that says nothing more.
    /// </summary>
    private async Task SellAsync()
    {
        var opened = await Store.Sales.CreateAsync(Sale, Cancel);
        Assert.NotNull(await Ports.Gate.OpenAsync(opened!, Cancel));
        await ClaimAsync("anna", units: 2);
        await ClaimAsync("dora");
        await DrainAsync();
        await CancelAsync("dora");
        Assert.NotEmpty(await ReleaseAsync("dora", epoch: 1));
        await ClaimAsync("emil");
        var entry = Assert.Single(await Ports.Log.ScanAsync(Sale.Id, after: null, most: 9, Cancel));
        await Ports.Fulfilment.BuryAsync(entry, "It looked bad.", Cancel);
        await Ports.Log.AcknowledgeAsync([entry], Cancel);
        await ClaimAsync("bert", units: 2);
        Assert.Single(await Ports.Log.ReadAsync([Sale.Id], most: 1, Cancel));
        await ClaimAsync("carl");
    }

    protected Rebuilder Node(string name, RebuildPorts? ports = null)
    {
        var own = ports ?? Ports;
        var options = new RebuilderOptions { LeaseLife = TimeSpan.FromMinutes(10) };
        return new Rebuilder(
            own.Gate, own.Log, own.Epochs, own.Leases, new Fulfiller(own.Fulfilment, TimeProvider.System), options,
            name, TimeProvider.System);
    }

    protected Claim Claim(string buyer, string key = "k", int units = 1) => Samples.Claim(Sale, buyer, key, units);

    /// <summary>What a claim is told by the gate.</summary>
    protected async Task<string> TryClaimAsync(string buyer, string key = "k", int units = 1)
    {
        var batch = Samples.Batch(Sale, Claim(buyer, key, units));
        await Ports.Gate.ClaimAsync([batch], Cancel);
        return ClaimTable.Word(batch.Answers[0].Outcome);
    }

    /// <summary>A claim that is admitted.</summary>
    protected async Task ClaimAsync(string buyer, string key = "k", int units = 1) =>
        Assert.Equal("admitted", await TryClaimAsync(buyer, key, units));

    /// <summary>Everything that is in the log comes to stand.</summary>
    protected async Task DrainAsync()
    {
        var entries = await Ports.Log.ScanAsync(Sale.Id, after: null, most: 1_000, Cancel);
        if (entries.Count > 0)
        {
            await new Fulfiller(Ports.Fulfilment, TimeProvider.System).FulfilAsync(entries, Cancel);
            await Ports.Log.AcknowledgeAsync(entries, Cancel);
        }
    }

    protected async Task CancelAsync(string buyer)
    {
        var told = await Store.Orders.ApplyAsync(
            [new OrderCommand.Cancel(Claim(buyer).Order)], TimeProvider.System.GetUtcNow(), Cancel);
        Assert.Equal(CommandOutcome.Done, Assert.Single(told).Outcome);
    }

    /// <summary>Tells the gate that a buyer's order has ended, as the outbox does.</summary>
    /// <returns>Empty where the gate is to be told again.</returns>
    protected async Task<IReadOnlyList<StockView>> ReleaseAsync(string buyer, long epoch)
    {
        var claim = Claim(buyer);
        var views = await Ports.Gate.ReleaseAsync([new Release(claim.Order, claim.Buyer, Turn: 0, epoch)], Cancel);
        return [.. views.Select(view => view.View)];
    }

    protected async Task<long> EpochAsync() => (await Ports.Epochs.FindEpochAsync(Sale.Id, Cancel))!.Value.Epoch;

    /// <summary>
    /// Everything that was begun is brought to its end; then gate and store must agree, order by order, and the law
    /// must hold.
    /// </summary>
    protected async Task EndsWellAsync()
    {
        await ExpireLeasesAsync();
        for (var round = 0; !await Node($"last {round}").MendAsync(Sale.Id, Cancel); round++)
        {
            Assert.True(round < 10, "The gate is not mended.");
        }

        await DrainAsync();
        await DeliverAsync();
        var ofGate = (await Ports.Gate.ReportAsync(Sale.Id, Cancel))!;
        var ofStore = (await Store.Sales.ReportAsync(Sale.Id, Cancel))!;
        Assert.Equal(ofStore.Epoch, ofGate.View.Epoch);
        Assert.True(ofStore.Stock.LawHolds);
        Assert.Equal((ofStore.Stock.Reserved, ofStore.Stock.Sold), (ofStore.Reserved, ofStore.Sold));

        // What the gate holds beyond the store's orders are dead letters.
        var emil = Claim("emil").Order.Key;
        Assert.Equal(Told(ofStore.Orders), Told(ofGate.Orders.Where(order => order.Key != emil)));
        Assert.Equal(1, ofGate.Orders.Where(order => order.Key == emil).Sum(order => order.Quantity));
        Assert.Equal(ofStore.Stock.Available - 1, ofGate.View.Available);
    }

    /// <summary>The state that every rebuild of the sample sale ends in: what was admitted before stands.</summary>
    protected async Task StandsAsync(params string[] buyers)
    {
        foreach (var buyer in buyers)
        {
            var order = Assert.Single(await Store.Ledger.FindAsync([Claim(buyer).Order], Cancel));
            Assert.True(order.Status == OrderStatus.Reserved, $"{buyer}'s order is {order.Status}.");
        }
    }

    /// <summary>What the store has to tell the gate is told, as often as it takes.</summary>
    private async Task DeliverAsync()
    {
        for (var round = 0; await Outbox.ReadAsync(0, 1_000, Cancel) is { Count: > 0 } rows; round++)
        {
            Assert.True(round < 10, "The outbox is not delivered.");
            foreach (var row in rows)
            {
                if (row.Release is { } release && (await Ports.Gate.ReleaseAsync([release], Cancel)).Count > 0)
                {
                    await Outbox.DeleteAsync([row.Id], Cancel);
                }
                else if (row.Terms is { } terms && await Ports.Gate.ApplyAsync(terms, row.Epoch, Cancel) is not null)
                {
                    await Outbox.DeleteAsync([row.Id], Cancel);
                }
                else if (row.HasDrifted)
                {
                    Assert.True(await Node("drift").MendAsync(Sale.Id, Cancel));
                }
            }
        }
    }

    private static string Told(IEnumerable<HeldOrder> orders) => string.Join(
        '\n',
        orders.OrderBy(order => order.Key.High).Select(order => string.Create(
            CultureInfo.InvariantCulture, $"{order.Key} holds {order.Quantity}")));
}
