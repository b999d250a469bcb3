using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Redis;
using Doorbuster.Servers;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>The claim log in Redis keeps the suite of every claim log.</summary>
public sealed class RedisClaimLogTests(RedisProcess redis) : ClaimLogConformance, IClassFixture<RedisProcess>
{
    protected override async ValueTask<ISharedGate> CreateGateAsync()
    {
        await redis.Database.ExecuteAsync("FLUSHALL");
        return new RedisGate(redis.Connection, new RedisGateOptions(), TimeProvider.System);
    }

    protected override IClaimLog CreateLog(string reader) =>
        new RedisClaimLog(redis.Connection, reader, TimeSpan.FromSeconds(5), TimeProvider.System);

    /// <summary>By the server's clock, which is what idle readers are measured by.</summary>
    protected override async ValueTask PassAsync(TimeSpan time)
    {
        var began = await TimeAsync();
        await Waiting.UntilAsync("time has gone by in Redis", async () => await TimeAsync() - began > time);
    }

    private async Task<DateTime> TimeAsync()
    {
        var server = redis.Connection.GetServer(redis.Connection.GetEndPoints()[0]);
        return await server.TimeAsync();
    }
}
