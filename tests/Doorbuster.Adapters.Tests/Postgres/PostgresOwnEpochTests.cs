using Doorbuster.Conformance;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>The PostgreSQL store of one process opens single gates anew.</summary>
public sealed class PostgresOwnEpochTests(SharedPostgres shared) : OwnEpochConformance
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() =>
        await (await PostgresSchema.MakeAsync(shared)).OpenForSuiteAsync();
}
