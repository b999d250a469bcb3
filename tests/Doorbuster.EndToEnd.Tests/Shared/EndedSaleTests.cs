using Doorbuster.EndToEnd.Tests.Infrastructure;
using StackExchange.Redis;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Shared;

/// <summary>
/// A closed sale leaves Redis, and nobody who asks over HTTP can tell, except that the gate has no figures.
/// </summary>
public sealed class EndedSaleTests(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact]
    public async Task A_closed_sale_leaves_redis_and_its_buyers_are_told_as_before()
    {
        var plan = cluster.Plan(("Doorbuster:Workers:ClosedGatePatience", "00:00:01"));
        var node = await cluster.StartAsync(plan);
        var sale = await cluster.NewSaleAsync(node, new Terms(2));
        var (anna, bert) = (node.Buyer("anna"), node.Buyer("bert"));
        var order = (await anna.ClaimAsync(sale, "k", 1, wait: 10)).Is(201).Text("id");
        await bert.TokenAsync(sale);
        using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{cluster.Redis.Port}");
        Assert.NotEqual(0, await KeysAsync(redis, sale));

        (await node.Api.OperateAsync(sale, "close")).Is(200);
        await Waiting.UntilAsync("redis had nothing of it", async () => await KeysAsync(redis, sale) == 0);

        var again = await Answers.UntilAsync(
            "the store answered", () => anna.ClaimAsync(sale, "k"), answer => answer.Status != 503);
        Assert.Equal(order, again.Is(200).Text("id"));
        (await anna.ClaimAsync(sale, "k", quantity: 2)).IsProblem(422, "idempotency-key-reused");
        (await bert.ClaimAsync(sale, "k")).IsProblem(409, "sale-closed");
        var mine = (await node.Api.GetAsync($"/v1/orders?saleId={sale}", anna.Jwt)).Is(200);
        var item = Assert.Single(mine.Json.GetProperty("items").EnumerateArray());
        Assert.Equal(order, item.GetProperty("id").GetString());
        Assert.Equal("cancelled", (await anna.CancelAsync(order)).Is(200).Text("status"));
        var audit = (await node.Api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator())).Is(200);
        Assert.True(audit.Json.GetProperty("lawHolds").GetBoolean());
        Assert.Equal(2, audit.Number("available"));
        var shown = (await node.Api.GetAsync($"/v1/sales/{sale}")).Is(200);
        Assert.Equal("closed", shown.Text("state"));
        Assert.Equal(0, await KeysAsync(redis, sale));
    }

    private static async Task<int> KeysAsync(IConnectionMultiplexer redis, string sale) =>
        ((RedisResult[])(await redis.GetDatabase().ExecuteAsync("KEYS", $"db:{{{sale}}}:*"))!).Length;
}
