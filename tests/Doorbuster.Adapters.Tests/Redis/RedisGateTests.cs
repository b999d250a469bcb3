using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>The gate in Redis keeps the suite of every shared gate.</summary>
public sealed class RedisGateTests(RedisProcess redis) : SharedGateConformance, IClassFixture<RedisProcess>
{
    protected override async ValueTask<ISharedGate> CreateGateAsync(int ordersPerBuyer)
    {
        await redis.Database.ExecuteAsync("FLUSHALL");
        return new RedisGate(
            redis.Connection,
            new RedisGateOptions { OrdersPerBuyer = ordersPerBuyer, MaxQueueAge = MaxQueueAge },
            TimeProvider.System);
    }

    protected override async ValueTask TurnAsync(SaleId sale, DateTimeOffset now) =>
        await RedisSales.TurnAsync(redis.Database, sale, now);

    protected override async ValueTask<IReadOnlyList<AdmittedBatch>> LogOfAsync(SaleId sale) =>
        await RedisSales.LogOfAsync(redis.Database, sale);

    protected override async ValueTask DeleteAsync(SaleId sale, IReadOnlyCollection<string> entries) =>
        await RedisSales.DeleteAsync(redis.Database, sale, entries);
}
