using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>The PostgreSQL store as the gate keeps the suite of every such store, in both its ways.</summary>
public abstract class PostgresGateStoreTests(SharedPostgres shared, GateConcurrency concurrency) : StoreGateConformance
{
    private IGateStore? _gate;

    protected override IGateStore GateStore => _gate!;

    protected override async ValueTask<StoreUnderTest> CreateAsync()
    {
        var schema = await PostgresSchema.MakeAsync(shared);
        var store = await PostgresStore.OpenAsGateAsync(
            schema.Options, TimeProvider.System, NullLogger.Instance, Cancel);
        _gate = store.Gate(concurrency);
        return new StoreUnderTest(store, store, store, store.DisposeAsync);
    }
}

/// <summary>With the lock on the sale's row.</summary>
public sealed class PostgresConditionalGateTests(SharedPostgres shared)
    : PostgresGateStoreTests(shared, GateConcurrency.Conditional);

/// <summary>With a comparison of the row's version.</summary>
public sealed class PostgresOptimisticGateTests(SharedPostgres shared)
    : PostgresGateStoreTests(shared, GateConcurrency.Optimistic);
