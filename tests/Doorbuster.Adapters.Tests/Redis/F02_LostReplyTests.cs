using System.Diagnostics;
using Doorbuster.Adapters.Tests.Servers;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>Redis ran the script, and nobody heard of it (I2, I3): who asks again is told the same.</summary>
public sealed class F02_LostReplyTests(RedisProcess redis) : IClassFixture<RedisProcess>, IAsyncLifetime
{
    private readonly FaultProxy _proxy = new(redis.Port);

    public async ValueTask InitializeAsync() => await redis.Database.ExecuteAsync("FLUSHALL");

    public async ValueTask DisposeAsync() => await _proxy.DisposeAsync();

    [Fact]
    public async Task F02_a_reply_that_is_lost_leaves_the_outcome_unknown_and_the_same_claim_finds_it()
    {
        using var connection = await redis.ConnectAsync(_proxy.Port);
        var scene = new RedisScene(redis, connection, TimeSpan.FromMilliseconds(400));
        await scene.OpenAsync(epoch: 1);
        await KnowsTheScriptAsync(scene);

        _proxy.LosesReplies = true;
        Assert.Equal("unknown", await scene.ClaimAsync("anna"));
        Assert.True(_proxy.Lost > 0);
        _proxy.LosesReplies = false;
        _proxy.Cut();
        await AnswersAsync(scene);

        Assert.Equal("same order", await scene.ClaimAsync("anna"));
        Assert.Equal((98, 2, 2), await scene.StandsAsync());
    }

    [Fact]
    public async Task F02_a_connection_that_breaks_before_the_reply_is_tried_again_within_the_call()
    {
        using var connection = await redis.ConnectAsync(_proxy.Port);
        var scene = new RedisScene(redis, connection, TimeSpan.FromSeconds(30));
        await scene.OpenAsync(epoch: 1);
        await KnowsTheScriptAsync(scene);

        _proxy.LosesReplies = true;
        var claim = scene.ClaimAsync("anna");
        await Waiting.UntilAsync(
            "the script has run", async () => (await RedisSales.LogOfAsync(redis.Database, scene.Sale.Id)).Count == 2);
        _proxy.LosesReplies = false;
        _proxy.Cut();

        Assert.Equal("same order", await claim);
        Assert.Equal((98, 2, 2), await scene.StandsAsync());
    }

    [Fact]
    public async Task F02_a_server_that_stops_is_waited_for_only_so_long_and_may_still_do_it()
    {
        var scene = new RedisScene(redis, redis.Connection, TimeSpan.FromMilliseconds(300));
        await scene.OpenAsync(epoch: 1);
        await KnowsTheScriptAsync(scene);
        await redis.PauseAsync();
        try
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal("unknown", await scene.ClaimAsync("anna"));
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromMilliseconds(290), TimeSpan.FromSeconds(30));
            await Assert.ThrowsAsync<GateUnavailableException>(() => scene.StandingAsync());
            Assert.False(await scene.Gate.FenceAsync(scene.Sale.Id, epoch: 0, default));
        }
        finally
        {
            await redis.ResumeAsync();
        }

        await AnswersAsync(scene);
        Assert.Equal("same order", await scene.ClaimAsync("anna"));
        Assert.Equal((98, 2, 2), await scene.StandsAsync());
    }

    [Fact]
    public async Task A_server_that_forgot_its_scripts_is_told_them_again()
    {
        var scene = new RedisScene(redis, redis.Connection);
        await scene.OpenAsync(epoch: 1);
        await redis.Database.ExecuteAsync("SCRIPT", "FLUSH");

        var batches = Enumerable.Range(0, 20)
            .Select(i => Samples.Batch(scene.Sale, scene.Claim($"buyer-{i}"))).ToList();
        await Task.WhenAll(batches.Select(batch => scene.Gate.ClaimAsync([batch], default).AsTask()));

        Assert.All(batches, batch => Assert.Equal(Outcome.Admitted, batch.Answers[0].Outcome));
        Assert.Equal((80, 20, 20), await scene.StandsAsync());
    }

    [Fact]
    public async Task A_server_that_takes_no_writes_admits_nothing_and_says_so_for_certain()
    {
        var scene = new RedisScene(redis, redis.Connection, TimeSpan.FromMilliseconds(300));
        await scene.OpenAsync(epoch: 1);

        await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        Assert.Equal("busy", await scene.ClaimAsync("anna"));
        await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");

        await redis.Database.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        Assert.Equal("busy", await scene.ClaimAsync("anna"));
        await redis.Database.ExecuteAsync("REPLICAOF", "NO", "ONE");

        // Having been a replica, it may lack what another primary sold meanwhile.
        await AnswersAsync(scene);
        Assert.Equal(GateStanding.Damaged, await scene.StandingAsync());
    }

    /// <summary>Before that, what would be lost is only that the server does not know it.</summary>
    private static async Task KnowsTheScriptAsync(RedisScene scene) =>
        Assert.Equal("admitted", await scene.ClaimAsync("bert"));

    private static Task AnswersAsync(RedisScene scene) => Waiting.UntilAsync(
        "the gate answers",
        async () =>
        {
            try
            {
                await scene.StandingAsync();
                return true;
            }
            catch (GateUnavailableException)
            {
                return false;
            }
        });
}
