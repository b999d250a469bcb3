using Doorbuster.Claims;
using Doorbuster.Redis;
using StackExchange.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>Keys are gone one by one; nodes rebuild at once (I1): missing is closed, the higher epoch wins.</summary>
public sealed class F04_LostKeysTests(RedisProcess redis) : IClassFixture<RedisProcess>, IAsyncLifetime
{
    private RedisScene _scene = new(redis, redis.Connection);

    public async ValueTask InitializeAsync()
    {
        await redis.Database.ExecuteAsync("FLUSHALL");
        await _scene.OpenAsync(epoch: 1);
        await _scene.ClaimAsync("anna");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("gate", GateStanding.Missing)]
    [InlineData("buyers", GateStanding.Damaged)]
    [InlineData("claims", GateStanding.Damaged)]
    public async Task F04_a_key_that_is_gone_closes_the_sale(string key, GateStanding standing)
    {
        await redis.Database.KeyDeleteAsync(KeyOf(key));

        await IsClosedAsync(standing);
    }

    [Fact]
    public async Task F04_a_closed_gate_that_is_gone_is_not_done_with_while_its_log_has_entries()
    {
        var log = (RedisKey)RedisSales.Claims(_scene.Sale.Id);
        await _scene.Gate.ApplyAsync(_scene.Sale with { Revision = 2, Mode = SaleMode.Closed }, epoch: 1, default);
        await redis.Database.KeyDeleteAsync(KeyOf("gate"));

        Assert.False(await _scene.Gate.RemoveAsync(_scene.Sale.Id, epoch: 1, default));
        Assert.Equal(1, (int)await redis.Database.ExecuteAsync("XLEN", log));

        await redis.Database.ExecuteAsync("XTRIM", log, "MAXLEN", 0);
        Assert.True(await _scene.Gate.RemoveAsync(_scene.Sale.Id, epoch: 1, default));
        Assert.False(await redis.Database.KeyExistsAsync(KeyOf("buyers")));
        Assert.False(await redis.Database.KeyExistsAsync(log));
    }

    [Theory]
    [InlineData("available", "98")]
    [InlineData("held", "0")]
    [InlineData("total", "101")]
    public async Task F04_totals_that_disagree_close_the_sale(string field, string value)
    {
        await redis.Database.HashSetAsync(RedisSales.Gate(_scene.Sale.Id), field, value);

        await IsClosedAsync(GateStanding.Damaged);
    }

    [Fact]
    public async Task F04_buyers_of_another_age_close_the_sale()
    {
        await redis.Database.HashDeleteAsync(RedisSales.Buyers(_scene.Sale.Id, 1), "\0");

        await IsClosedAsync(GateStanding.Damaged);
    }

    [Fact]
    public async Task F04_a_log_that_has_more_than_the_gate_knows_closes_the_sale()
    {
        await redis.Database.ExecuteAsync("XADD", (RedisKey)RedisSales.Claims(_scene.Sale.Id), "*", "claims", "");

        await IsClosedAsync(GateStanding.Damaged);
    }

    [Fact]
    public async Task F04_a_log_that_somebody_made_anew_is_found_by_a_look()
    {
        RedisKey claims = RedisSales.Claims(_scene.Sale.Id);
        await redis.Database.KeyDeleteAsync(claims);
        await redis.Database.ExecuteAsync("XADD", claims, "1-1", "claims", "");

        Assert.Equal(GateStanding.Damaged, await _scene.StandingAsync());
    }

    [Fact]
    public async Task F04_of_nodes_that_open_at_once_the_higher_epoch_wins()
    {
        var older = new RedisScene(redis, redis.Connection);
        var newer = new RedisScene(redis, redis.Connection);
        for (var epoch = 2L; epoch < 40; epoch += 2)
        {
            var anna = (_scene.Claim("anna"), 1);
            var bert = (_scene.Claim("bert"), 1);
            await Task.WhenAll(
                older.OpenAsync(epoch, anna).AsTask(), newer.OpenAsync(epoch + 1, anna, bert).AsTask());

            var look = await _scene.Gate.LookAsync(_scene.Sale.Id, default);
            Assert.Equal((epoch + 1, 98), (look.Epoch, look.View?.Available));
            Assert.Equal("same order", await older.ClaimAsync("bert"));
        }

        // Of gates that were replaced, or never opened, nothing stays for ever.
        var keys = (RedisResult[])(await redis.Database.ExecuteAsync("KEYS", "*"))!;
        var lives = await Task.WhenAll(keys.Select(async key => await redis.Database.KeyTimeToLiveAsync((string)key!)));
        Assert.Equal(3, lives.Count(life => life is null));
        Assert.Null(await redis.Database.KeyTimeToLiveAsync(KeyOf("buyers", 39)));
    }

    [Fact]
    public async Task F04_a_loading_of_another_server_or_with_fields_that_are_missing_is_never_a_gate()
    {
        RedisKey gate = RedisSales.Gate(_scene.Sale.Id);
        RedisKey loading = $"db:{{{_scene.Sale.Id}}}:loading:test";
        var begun = (RedisResult[])(await redis.Database.ScriptEvaluateAsync(Script.Begin.Text, [gate], []))!;
        var (runId, replicationId) = ((string)begun[1]!, (string)begun[2]!);
        await redis.Database.HashSetAsync(loading, "\0", 2);

        Assert.Equal(-1, await SwapAsync("0000", replicationId, epochBefore: 1, fields: 1));
        Assert.Equal(-1, await SwapAsync(runId, "0000", epochBefore: 1, fields: 1));
        Assert.Equal(-1, await SwapAsync(runId, replicationId, epochBefore: 0, fields: 1));
        Assert.Equal(-1, await SwapAsync(runId, replicationId, epochBefore: 1, fields: 2));
        await redis.Database.HashSetAsync(loading, "\0", 3);
        Assert.Equal(-1, await SwapAsync(runId, replicationId, epochBefore: 1, fields: 1));
        Assert.Equal("same order", await _scene.ClaimAsync("anna"));

        await redis.Database.HashSetAsync(loading, "\0", 2);
        Assert.Equal(1, await SwapAsync(runId, replicationId, epochBefore: 1, fields: 1));
        Assert.Equal(0, await SwapAsync(runId, replicationId, epochBefore: 2, fields: 1));

        async Task<long> SwapAsync(string run, string replication, long epochBefore, int fields) =>
            (long)await redis.Database.ScriptEvaluateAsync(
                Script.Open.Text,
                [
                    gate, RedisSales.Buyers(_scene.Sale.Id, 2), RedisSales.Claims(_scene.Sale.Id),
                    RedisSales.Buyers(_scene.Sale.Id, 1), loading,
                ],
                [2, fields, run, replication, epochBefore, "workers", 100, 0, 0, .. SaleTerms.Of(_scene.Sale)]);
    }

    private async Task IsClosedAsync(GateStanding standing)
    {
        Assert.Equal("no gate", await _scene.ClaimAsync("anna"));
        Assert.Equal("no gate", await _scene.ClaimAsync("bert"));
        Assert.Equal(standing, await _scene.StandingAsync());
        var anna = _scene.Claim("anna");
        Assert.Empty(await _scene.Gate.ReleaseAsync([new(anna.Order, anna.Buyer, 0)], default));

        _scene = new RedisScene(redis, redis.Connection);
        await _scene.OpenAsync(epoch: 2, (_scene.Claim("anna"), 1));
        Assert.Equal("same order", await _scene.ClaimAsync("anna"));
        Assert.Equal("admitted", await _scene.ClaimAsync("bert"));
    }

    private string KeyOf(string key, long epoch = 1) => key switch
    {
        "gate" => RedisSales.Gate(_scene.Sale.Id),
        "buyers" => RedisSales.Buyers(_scene.Sale.Id, epoch),
        _ => RedisSales.Claims(_scene.Sale.Id),
    };
}
