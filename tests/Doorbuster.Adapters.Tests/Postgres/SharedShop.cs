using Doorbuster.Conformance;
using Doorbuster.Redis;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>What nodes share: a gate in Redis with its log, and an order store in PostgreSQL.</summary>
internal sealed class SharedShop : IAsyncDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private SharedShop(
        IConnectionMultiplexer redis, PostgresSchema schema, PostgresStore orders, PostgresFulfilment fulfilment,
        PostgresReconciliation reconciliation)
    {
        Schema = schema;
        Fulfilment = fulfilment;
        Reconciliation = reconciliation;
        Store = new StoreUnderTest(orders, orders, orders, orders.DisposeAsync);
        Ports = new RebuildPorts(
            new RedisGate(
                redis, new RedisGateOptions { CallTimeout = CallTimeout, MaxQueueAge = TimeSpan.FromHours(1) },
                TimeProvider.System),
            new RedisClaimLog(redis, "worker", CallTimeout, TimeProvider.System), reconciliation, reconciliation,
            fulfilment);
    }

    public PostgresSchema Schema { get; }

    public StoreUnderTest Store { get; }

    public PostgresFulfilment Fulfilment { get; }

    public PostgresReconciliation Reconciliation { get; }

    public RebuildPorts Ports { get; }

    public static async Task<SharedShop> OpenAsync(IConnectionMultiplexer redis, PostgresSchema schema)
    {
        var options = schema.Options;
        return new SharedShop(
            redis,
            schema,
            await PostgresStore.OpenSharedAsync(
                options, TimeProvider.System, NullLogger.Instance, CancellationToken.None),
            await PostgresFulfilment.OpenAsync(
                options, TimeProvider.System, NullLogger.Instance, CancellationToken.None),
            await PostgresReconciliation.OpenAsync(options, TimeProvider.System, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Reconciliation.DisposeAsync();
        await Fulfilment.DisposeAsync();
    }
}
