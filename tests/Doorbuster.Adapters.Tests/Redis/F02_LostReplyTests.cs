using System.Diagnostics;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Servers;
using StackExchange.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>Redis ran the script, and nobody heard of it (I2, I3): who asks again is told the same.</summary>
public sealed class F02_LostReplyTests(RedisProcess redis) : IClassFixture<RedisProcess>, IAsyncLifetime
{
    private readonly FaultProxy _proxy = FaultProxy.Start(redis.Port);

    public async ValueTask InitializeAsync()
    {
        await redis.ReconnectedAsync();
        await redis.Database.ExecuteAsync("FLUSHALL");
    }

    public async ValueTask DisposeAsync() => await _proxy.DisposeAsync();

    [Theory]
    [InlineData(WireFault.LoseAnswer, "same order")]
    [InlineData(WireFault.LoseCommand, "admitted")]
    [InlineData(WireFault.DelayCommand, "admitted")]
    public async Task F02_a_call_that_breaks_is_made_again_under_the_same_ids(WireFault fault, string told)
    {
        using var connection = await redis.ConnectAsync(_proxy.Port);
        var scene = await OpenAsync(connection, epoch: 1);
        await KnowsTheScriptAsync(scene);

        var lost = _proxy.Next(fault, (command, _) => command.Span.IndexOf("anna"u8) >= 0);
        Assert.Equal(told, await scene.ClaimAsync("anna"));
        await lost.Happened;

        // What comes late is the same claim once more.
        lost.Release();
        Assert.Equal("same order", await scene.ClaimAsync("anna"));
        Assert.Equal((98, 2, 2), await scene.StandsAsync());
    }

    [Theory]
    [InlineData(GateStanding.Missing)]
    [InlineData(GateStanding.Damaged)]
    [InlineData(GateStanding.Fenced)]
    public async Task F02_what_a_gate_may_have_admitted_before_it_was_lost_is_unknown(GateStanding standing)
    {
        using var connection = await redis.ConnectAsync(_proxy.Port);
        var scene = await OpenAsync(connection, epoch: 1);
        await KnowsTheScriptAsync(scene);

        Assert.Equal("unknown", await ClaimUnheardAsync(scene, () => LoseGateAsync(scene, standing)));
        Assert.Equal(standing, await scene.StandingAsync());
        Assert.Equal("no gate", await scene.ClaimAsync("anna"));
    }

    /// <summary>An old primary that answers knows nothing of what the new one has done (F05).</summary>
    [Fact]
    public async Task F02_what_a_later_gate_may_have_admitted_is_not_refused_by_an_earlier_one()
    {
        using var connection = await redis.ConnectAsync(_proxy.Port);
        var scene = await OpenAsync(connection, epoch: 2);
        await KnowsTheScriptAsync(scene);

        var paused = new RedisScene(redis, redis.Connection) { Sale = scene.Sale with { Mode = SaleMode.Paused } };
        Assert.Equal("unknown", await ClaimUnheardAsync(scene, async () =>
        {
            await redis.Database.ExecuteAsync("FLUSHALL");
            Assert.NotNull(await paused.OpenAsync(epoch: 1));
        }));
        Assert.Equal("paused", await scene.ClaimAsync("anna"));
    }

    /// <summary>Whatever a gate that it opened has done since, the snapshot does not have (F04, F19).</summary>
    [Fact]
    public async Task F02_a_snapshot_that_may_have_opened_a_gate_opens_none_after_that_is_lost()
    {
        using var connection = await redis.ConnectAsync(_proxy.Port);
        var scene = await OpenAsync(connection, epoch: 1);
        await redis.Database.KeyDeleteAsync(RedisSales.Gate(scene.Sale.Id));

        var lost = _proxy.Next(WireFault.HoldAnswer, (command, _) => command.Span.IndexOf("workers"u8) >= 0);
        var opening = scene.OpenAsync(epoch: 2).AsTask();
        await lost.Happened;
        var direct = new RedisScene(redis, redis.Connection);
        await Waiting.UntilAsync(
            "the gate is open", async () => await direct.StandingAsync() == GateStanding.Open);
        await redis.Database.KeyDeleteAsync(RedisSales.Gate(scene.Sale.Id));
        lost.Release();

        Assert.Null(await opening);
        Assert.Equal(GateStanding.Missing, await direct.StandingAsync());
    }

    [Fact]
    public async Task F02_a_server_that_stops_is_waited_for_only_so_long_and_may_still_do_it()
    {
        var scene = new RedisScene(redis, redis.Connection, TimeSpan.FromMilliseconds(300));
        await scene.OpenAsync(epoch: 1);
        await KnowsTheScriptAsync(scene);
        redis.Pause();
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
            redis.Resume();
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
        var scene = new RedisScene(redis, redis.Connection, TimeSpan.FromSeconds(4));
        await scene.OpenAsync(epoch: 1);
        try
        {
            await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
            Assert.Equal("busy", await scene.ClaimAsync("anna"));
            await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
            await redis.Database.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
            Assert.Equal("busy", await scene.ClaimAsync("anna"));
        }
        finally
        {
            await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
            await redis.Database.ExecuteAsync("REPLICAOF", "NO", "ONE");
        }

        // Having been a replica, it may lack what another primary sold meanwhile.
        await AnswersAsync(scene);
        Assert.Equal(GateStanding.Damaged, await scene.StandingAsync());
    }

    /// <summary>A gate of this epoch, open, and asked through the proxy.</summary>
    private async Task<RedisScene> OpenAsync(IConnectionMultiplexer connection, long epoch)
    {
        var scene = new RedisScene(redis, connection, TimeSpan.FromSeconds(60));
        await Waiting.UntilAsync("the gate is open", async () => await scene.OpenAsync(epoch) is not null);
        return scene;
    }

    /// <summary>
    /// Anna claims after Bert and is admitted; nobody hears of it, and something happens before she asks again.
    /// </summary>
    /// <returns>What she is told.</returns>
    private async Task<string> ClaimUnheardAsync(RedisScene scene, Func<Task> meanwhileAsync)
    {
        var lost = _proxy.Next(WireFault.HoldAnswer, (command, _) => command.Span.IndexOf("anna"u8) >= 0);
        var told = scene.ClaimAsync("anna");
        await lost.Happened;
        await Waiting.UntilAsync(
            "both claims are in the log",
            async () => (await RedisSales.LogOfAsync(redis.Database, scene.Sale.Id)).Count == 2);
        await meanwhileAsync();
        lost.Release();
        return await told;
    }

    private async Task LoseGateAsync(RedisScene scene, GateStanding standing)
    {
        RedisKey gate = RedisSales.Gate(scene.Sale.Id);
        await (standing switch
        {
            GateStanding.Missing => redis.Database.KeyDeleteAsync(gate),
            GateStanding.Damaged => redis.Database.HashSetAsync(gate, "run_id", "another"),
            _ => new RedisScene(redis, redis.Connection).Gate.FenceAsync(scene.Sale.Id, epoch: 1, default).AsTask(),
        });
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
