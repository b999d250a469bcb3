using Doorbuster.Conformance;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>The PostgreSQL store keeps the suite of every store, over a real server.</summary>
public sealed class PostgresLedgerTests(SharedPostgres shared) : LedgerConformance
{
    private PostgresSchema? _schema;

    protected override async ValueTask<StoreUnderTest> CreateAsync()
    {
        _schema = await PostgresSchema.MakeAsync(shared);
        return await _schema.OpenForSuiteAsync();
    }

    protected override ValueTask<StoreUnderTest> ReopenAsync() => _schema!.OpenForSuiteAsync();
}
