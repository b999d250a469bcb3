using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>Gate and log in a cluster: a sale's keys lie in one slot, so every script finds them.</summary>
public sealed class RedisClusterTests : IAsyncLifetime
{
    private RedisCluster? _cluster;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await RedisCluster.StartNewAsync();

    public ValueTask DisposeAsync() => _cluster!.DisposeAsync();

    [Fact]
    public async Task Sales_in_every_part_of_a_cluster_are_opened_claimed_logged_and_released()
    {
        using var connection = await RedisServer.ConnectAsync(_cluster!.Endpoints);
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
}
