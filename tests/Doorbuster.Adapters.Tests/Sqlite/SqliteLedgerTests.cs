using Doorbuster.Conformance;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>The SQLite store keeps the suite of every store.</summary>
public sealed class SqliteLedgerTests : LedgerConformance
{
    private readonly SqliteFolder _folder = new();

    protected override ValueTask<StoreUnderTest> CreateAsync() => _folder.OpenForSuiteAsync();

    protected override ValueTask<StoreUnderTest> ReopenAsync() => _folder.OpenForSuiteAsync();

    protected override ValueTask CleanUpAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
