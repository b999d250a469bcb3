using System.Globalization;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Redis;
using Doorbuster.Servers;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>Gate and log in a cluster: a sale's keys lie in one slot, so every script finds them.</summary>
public sealed class RedisClusterTests : IAsyncLifetime
{
    private readonly RedisProcess[] _nodes = [new(), new(), new()];

    /// <summary>Where the nodes talk; the ports that Redis chooses are those of others' connections.</summary>
    private readonly int[] _bus = [Loopback.NextPort(), Loopback.NextPort(), Loopback.NextPort()];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Endpoints => string.Join(',', _nodes.Select(node => Endpoint(node)));

    public async ValueTask InitializeAsync()
    {
        foreach (var (node, bus) in _nodes.Zip(_bus))
        {
            await node.StartAsync(
                "--cluster-enabled", "yes", "--cluster-port", bus.ToString(CultureInfo.InvariantCulture),
                "--save", "", "--appendonly", "no");
        }

        await ServerProcess.RunAsync(
        [
            "redis-cli", "--cluster", "create",
            .. _nodes.Zip(_bus, (node, bus) => string.Create(CultureInfo.InvariantCulture, $"{Endpoint(node)}@{bus}")),
            "--cluster-yes",
        ]);
        await Waiting.UntilAsync("the cluster agrees", AgreesAsync);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sales_in_every_part_of_a_cluster_are_opened_claimed_logged_and_released()
    {
        using var connection = await RedisServer.ConnectAsync(Endpoints);
        var gate = new RedisGate(connection, new RedisGateOptions(), TimeProvider.System);
        var log = new RedisClaimLog(connection, "worker", TimeSpan.FromSeconds(5), TimeProvider.System);
        Sale[] sales = [.. Enumerable.Range(0, 12).Select(i => Samples.Sale($"drop-{i}", quantity: 5) with
        {
            OpensAt = DateTimeOffset.UnixEpoch,
        })];
        foreach (var sale in sales)
        {
            var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, 0);
            Assert.NotNull(await gate.OpenAsync(new GateSnapshot(sale, 1, stock, 0, new Holdings()), Cancel));
        }

        var batches = Array.ConvertAll(
            sales, sale => Samples.Batch(sale, Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert")));
        await gate.ClaimAsync(batches, Cancel);
        Assert.All(batches, batch => Assert.Equal(3, batch.View?.Available));

        var entries = await log.ReadAsync([.. sales.Select(sale => sale.Id)], most: 9, Cancel);
        Assert.Equal(sales.Select(sale => sale.Id), entries.Select(entry => entry.Sale));
        await log.AcknowledgeAsync(entries, Cancel);
        Assert.Equal(0, (await log.MeasureAsync(sales[0].Id, Cancel)).Entries);

        var releases = sales.Select(sale => Samples.Claim(sale, "anna"))
            .Select(claim => new Release(claim.Order, claim.Buyer, Turn: 0));
        Assert.All(await gate.ReleaseAsync([.. releases], Cancel), said => Assert.Equal(4, said.View.Available));
        Assert.Empty(await RedisServer.CheckAsync(connection, TimeSpan.FromSeconds(30), TimeProvider.System, Cancel));
    }

    private async Task<bool> AgreesAsync()
    {
        foreach (var node in _nodes)
        {
            var info = await ServerProcess.RunAsync(
                "redis-cli", "-p", node.Port.ToString(CultureInfo.InvariantCulture), "cluster", "info");
            if (!info.Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static string Endpoint(RedisProcess node) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}");
}
