using System.Diagnostics;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;
using Doorbuster.Redis;
using Doorbuster.Servers;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>F05: a part of a cluster is away, and what the others have goes on.</summary>
public sealed class F05_LostShardTests
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Nobody takes its place, so its sales wait; the orders of all others are made meanwhile (I4), and soon enough for
    /// their gates to go on admitting.
    /// </summary>
    [Fact]
    public async Task F05_A_part_that_is_away_keeps_back_no_entries_of_the_others()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await cluster.ServePartsAsync();
        using var connection = await RedisServer.ConnectAsync(cluster.Endpoints);
        var gate = new RedisGate(connection, new RedisGateOptions { CallTimeout = CallTimeout }, TimeProvider.System);
        var lost = await OpenAsync(gate, cluster, isFirst: true);
        var left = await OpenAsync(gate, cluster, isFirst: false);
        var reader = new LogReader(
            new RedisClaimLog(connection, "worker", CallTimeout, TimeProvider.System), () => [lost.Id, left.Id],
            new LogReaderOptions { TakeOverAfter = TimeSpan.FromSeconds(5) }, TimeProvider.System);

        await cluster.KillFirstAsync();
        for (var i = 0; i < 20; i++)
        {
            await Waiting.UntilAsync("the gate that is left admits", () => IsAdmittedAsync(gate, left, $"buyer-{i}"));
            var entries = await reader.NextAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(3), Cancel);

            Assert.All(entries, entry => Assert.Equal(left.Id, entry.Sale));
            await reader.AcknowledgeAsync(entries, Cancel);
        }
    }

    /// <summary>Units of the others' sales are free again within a second, however many of its own wait (I2).</summary>
    [Fact]
    public async Task F05_A_part_that_is_away_keeps_back_no_units_of_the_others()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await cluster.ServePartsAsync();
        using var connection = await RedisServer.ConnectAsync(cluster.Endpoints);
        var gate = new RedisGate(connection, new RedisGateOptions { CallTimeout = CallTimeout }, TimeProvider.System);
        var lost = await OpenAsync(gate, cluster, isFirst: true);
        var left = await OpenAsync(gate, cluster, isFirst: false);
        var store = new InMemoryStore { IsShared = true, Clock = TimeProvider.System };
        var told = new GateOrStore(gate, new EndedSales(), store, store, store, TimeProvider.System);
        Assert.NotEqual(told.ServerOf(lost.Id), told.ServerOf(left.Id));
        Assert.All((Sale[])[lost, left], sale => Assert.Contains(told.ServerOf(sale.Id), told.Servers));
        await store.CreateAsync(lost, Cancel);
        await store.CreateAsync(left, Cancel);
        await Waiting.UntilAsync("the gate that is left admits", () => IsAdmittedAsync(gate, left, "anna"));
        await cluster.KillFirstAsync();
        await Waiting.UntilAsync("the gate that is left admits", () => IsAdmittedAsync(gate, left, "bert"));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = new Courier(store, told, new Catalog(), TimeProvider.System).RunAsync(stop.Token);
        foreach (var buyer in (string[])["anna", "bert"])
        {
            await store.RejectLostAsync(Samples.Claim(lost, buyer).Order, BuyerId.Parse(buyer), epoch: 1, Cancel);
            await store.RejectLostAsync(Samples.Claim(left, buyer).Order, BuyerId.Parse(buyer), epoch: 1, Cancel);
            var since = Stopwatch.StartNew();
            await Waiting.UntilAsync(
                "the gate that is left was told",
                async () => (await store.ReadAsync(0, 9, Cancel)).All(entry => entry.Sale == lost.Id));
            Assert.InRange(since.Elapsed.TotalSeconds, 0, 1);
        }

        Assert.Equal(2, (await store.ReadAsync(0, 9, Cancel)).Count);
        stop.Cancel();
        await Task.WhenAny(running);
        Assert.Equal(left.Quantity, (await gate.LookAsync(left.Id, Cancel)).View!.Available);
    }

    /// <summary>Whoever is given one server's name has to find the cluster without it.</summary>
    [Fact]
    public async Task F05_The_one_server_that_was_named_dies_and_its_replica_is_found()
    {
        await using var cluster = await RedisCluster.StartNewAsync(replicas: 1);
        using var connection = await RedisServer.ConnectAsync(cluster.FirstEndpoint);
        var gate = new RedisGate(connection, new RedisGateOptions { CallTimeout = CallTimeout }, TimeProvider.System);
        var sale = await OpenAsync(gate, cluster, isFirst: true);

        await cluster.FailOverAsync(KeyOf(sale));

        // It has come to another server, and is opened anew there: that it can be asked is enough.
        await Waiting.UntilAsync(
            "the gate is found", async () => (await gate.LookAtAllAsync([sale.Id], Cancel))[0] is not null);
        Assert.Empty(await RedisServer.CheckAsync(connection, Waiting.Patience, TimeProvider.System, Cancel));
    }

    private static string KeyOf(Sale sale) => $"db:{{{sale.Id}}}:gate";

    private static async Task<bool> IsAdmittedAsync(RedisGate gate, Sale sale, string buyer)
    {
        var batch = Samples.Batch(sale, Samples.Claim(sale, buyer));
        await gate.ClaimAsync([batch], Cancel);
        return batch.View is not null;
    }

    /// <summary>Opens a sale whose gate is at the first primary, or at another.</summary>
    private static async Task<Sale> OpenAsync(RedisGate gate, RedisCluster cluster, bool isFirst)
    {
        for (var i = 0; ; i++)
        {
            var sale = Samples.Sale($"drop-{i}", quantity: 100) with { OpensAt = DateTimeOffset.UnixEpoch };
            if (await cluster.IsOfFirstAsync(KeyOf(sale)) == isFirst)
            {
                var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, 0);
                Assert.NotNull(await gate.OpenAsync(new GateSnapshot(sale, 1, stock, 0, new Holdings()), Cancel));
                return sale;
            }
        }
    }
}
