using Doorbuster.Adapters.Tests.Postgres;
using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>
/// What holds whenever a gate is rebuilt, over real servers: Redis, and PostgreSQL as nodes share it. A part of the
/// gate is lost by eviction, one key after another in turn.
/// </summary>
public sealed class RedisRebuildTests(RedisProcess redis, SharedPostgres shared)
    : RebuildConformance, Xunit.IClassFixture<RedisProcess>
{
    private SharedShop? _shop;
    private int _damages;

    protected override RebuildPorts Ports => _shop!.Ports;

    protected override IOutbox Outbox => _shop!.Fulfilment;

    protected override ILostClaims LostClaims => _shop!.Reconciliation;

    protected override async ValueTask<StoreUnderTest> CreateAsync()
    {
        await redis.Database.ExecuteAsync("FLUSHALL");
        _shop = await SharedShop.OpenAsync(redis.Connection, await PostgresSchema.MakeAsync(shared));
        return _shop.Store;
    }

    protected override ValueTask CloseAsync() => _shop!.DisposeAsync();

    protected override async ValueTask DamageAsync()
    {
        // The log is left: what is lost with it nobody can commit.
        if (_damages++ % 2 == 0)
        {
            await redis.Database.KeyDeleteAsync(RedisSales.Gate(Sale.Id));
        }
        else
        {
            var epoch = await redis.Database.HashGetAsync(RedisSales.Gate(Sale.Id), "epoch");
            await redis.Database.KeyDeleteAsync(RedisSales.Buyers(Sale.Id, (long)epoch));
        }
    }

    protected override async ValueTask ExpireLeasesAsync() =>
        await _shop!.Schema.QueryAsync("UPDATE leases SET expires_at = '-infinity'");
}
