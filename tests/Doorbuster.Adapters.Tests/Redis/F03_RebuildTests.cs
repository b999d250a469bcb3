using Doorbuster.Adapters.Tests.Postgres;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Reconciliation;
using Doorbuster.Servers;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>
/// Redis comes back older, or empty, while a sale runs; an old primary sells on. Whatever comes back, the store holds,
/// the gate is rebuilt from it, every buyer is told the truth, and every unit is sold or can be bought.
/// </summary>
public sealed class F03_RebuildTests(SharedPostgres shared) : IAsyncLifetime
{
    private readonly RedisProcess _redis = new();
    private readonly Sale _sale = Samples.Sale(quantity: 6, limit: 2) with { OpensAt = DateTimeOffset.UnixEpoch };
    private SharedShop? _shop;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SharedShop Shop => _shop!;

    public async ValueTask InitializeAsync()
    {
        await _redis.InitializeAsync();
        _shop = await SharedShop.OpenAsync(_redis.Connection, await PostgresSchema.MakeAsync(shared));
        var opened = await Shop.Store.Sales.CreateAsync(_sale, Cancel);
        Assert.NotNull(await Shop.Ports.Gate.OpenAsync(opened!, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        await Shop.Store.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData("--appendonly", "yes", "--appendfsync", "always", "--save", "")]
    [InlineData("--appendonly", "no", "--save", "3600 1")]
    public async Task F03_a_gate_that_came_back_older_is_rebuilt_and_no_unit_is_sold_twice(params string[] settings)
    {
        await RestartAsync(settings);
        await ReopenAsync();
        await ClaimAsync("anna", 2);
        await DrainAsync();
        await ClaimAsync("bert");
        if (settings is ["--appendonly", "no", ..])
        {
            await _redis.Database.ExecuteAsync("SAVE");
        }

        // An older Redis knows anna and bert. What came after it forgets: carl has an order, and dora's claim is lost.
        F03_OlderRedisTests.Copy(_redis.Folder, $"{_redis.Folder}-older");
        await ClaimAsync("carl", 2);
        await DrainAsync();
        await ClaimAsync("dora");
        await _redis.KillAsync();
        Directory.Delete(_redis.Folder, recursive: true);
        Directory.Move($"{_redis.Folder}-older", _redis.Folder);
        await RestartAsync();

        Assert.Equal("no gate", await TryClaimAsync("emil"));
        await MendAsync();

        await HasAsync("anna", OrderStatus.Reserved);
        await HasAsync("bert", OrderStatus.Reserved);
        await HasAsync("carl", OrderStatus.Reserved);
        await IsLostAsync("dora");
        Assert.Equal("same order", await TryClaimAsync("carl", 2));
        await SellsOutAsync(left: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F04_a_gate_that_is_gone_is_rebuilt_by_many_at_once(bool isRestarted)
    {
        await ClaimAsync("anna", 2);
        await DrainAsync();
        await ClaimAsync("bert");
        if (isRestarted)
        {
            await _redis.KillAsync();
            await RestartAsync("--save", "", "--appendonly", "no");
        }
        else
        {
            await _redis.Database.ExecuteAsync("FLUSHALL");
        }

        Assert.Equal("no gate", await TryClaimAsync("emil"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => MendAsync($"node-{n}")));

        await HasAsync("anna", OrderStatus.Reserved);
        await IsLostAsync("bert");
        await SellsOutAsync(left: 4);
    }

    [Fact]
    public async Task F05_an_old_primary_that_sells_on_is_refused_by_the_store_and_its_buyers_are_told()
    {
        await ClaimAsync("anna");
        await DrainAsync();

        // Another server has taken over and was rebuilt; this one has heard of nothing.
        var stored = await Shop.Ports.Epochs.RaiseAsync(_sale.Id, from: 1, to: 2, "Another took over.", Cancel);
        await ClaimAsync("bert", 2);
        await ClaimAsync("carl");
        var entries = await Shop.Ports.Log.ScanAsync(_sale.Id, after: null, most: 9, Cancel);
        await DrainAsync();

        Assert.Equal(2, stored?.Epoch);
        await HasAsync("anna", OrderStatus.Reserved);
        await HasAsync("bert", OrderStatus.Rejected, RejectionReason.AdmissionLost);
        await HasAsync("carl", OrderStatus.Rejected, RejectionReason.AdmissionLost);

        // F07, F20: copies that surface after the rebuild are replays.
        await MendAsync();
        await Shop.Ports.Fulfilment.FulfilAsync(entries, Cancel);
        await Shop.Ports.Fulfilment.FulfilAsync([.. entries.Select(entry => entry with { Epoch = 3 })], Cancel);
        await HasAsync("bert", OrderStatus.Rejected, RejectionReason.AdmissionLost);
        await SellsOutAsync(left: 5);
    }

    private async Task RestartAsync(params string[] settings)
    {
        // Settings that are not named are those of the last start.
        await _redis.KillAsync();
        await _redis.StartAsync(settings);
        await _redis.ReconnectedAsync();
    }

    private async Task ReopenAsync()
    {
        await MendAsync();
        Assert.Equal(GateStanding.Open, (await Shop.Ports.Gate.LookAsync(_sale.Id, Cancel)).Standing);
    }

    private async Task MendAsync(string node = "node")
    {
        var ports = Shop.Ports;
        var rebuilder = new Rebuilder(
            ports.Gate, ports.Log, ports.Epochs, ports.Leases, new Fulfiller(ports.Fulfilment, TimeProvider.System),
            new RebuilderOptions(), node, TimeProvider.System);
        await Waiting.UntilAsync("the gate stands", () => rebuilder.MendAsync(_sale.Id, Cancel));
    }

    private Claim Claim(string buyer, int units = 1) => Samples.Claim(_sale, buyer, units: units);

    private async Task<string> TryClaimAsync(string buyer, int units = 1)
    {
        var batch = Samples.Batch(_sale, Claim(buyer, units));
        await Shop.Ports.Gate.ClaimAsync([batch], Cancel);
        return ClaimTable.Word(batch.Answers[0].Outcome);
    }

    private async Task ClaimAsync(string buyer, int units = 1) =>
        Assert.Equal("admitted", await TryClaimAsync(buyer, units));

    private async Task DrainAsync()
    {
        var entries = await Shop.Ports.Log.ScanAsync(_sale.Id, after: null, most: 1_000, Cancel);
        await new Fulfiller(Shop.Ports.Fulfilment, TimeProvider.System).FulfilAsync(entries, Cancel);
        await Shop.Ports.Log.AcknowledgeAsync(entries, Cancel);
    }

    private async Task HasAsync(string buyer, OrderStatus status, RejectionReason? reason = null)
    {
        var order = Assert.Single(await Shop.Store.Ledger.FindAsync([Claim(buyer).Order], Cancel));
        Assert.Equal((status, reason), (order.Status, order.Rejection));
    }

    /// <summary>The buyer asks, and is told that the claim was lost; from then on that is its answer.</summary>
    private async Task IsLostAsync(string buyer)
    {
        Assert.Empty(await Shop.Store.Ledger.FindAsync([Claim(buyer).Order], Cancel));
        var lost = new LostClaims(Shop.Ports.Gate, Shop.Reconciliation);
        var told = await lost.FindAsync(Claim(buyer).Order, Claim(buyer).Buyer, Cancel);
        Assert.Equal(RejectionReason.AdmissionLost, told?.Rejection);
        await HasAsync(buyer, OrderStatus.Rejected, RejectionReason.AdmissionLost);
    }

    /// <summary>So many units can still be bought, and not one more; then gate and store agree.</summary>
    private async Task SellsOutAsync(int left)
    {
        for (var i = 0; i < left; i++)
        {
            await ClaimAsync($"late-{i}");
        }

        Assert.Equal("sold out", await TryClaimAsync("too-late"));
        await DrainAsync();
        var report = await Shop.Store.Sales.ReportAsync(_sale.Id, Cancel);
        Assert.True(report!.Stock.LawHolds);
        Assert.Equal((0, 6), (report.Stock.Available, report.Reserved));
        Assert.False((await Shop.Ports.Epochs.FindEpochAsync(_sale.Id, Cancel))!.Value.HasDrifted);
    }
}
