using Doorbuster.Conformance;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>The SQLite store opens single gates anew.</summary>
public sealed class SqliteOwnEpochTests : OwnEpochConformance, IDisposable
{
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override ValueTask<StoreUnderTest> CreateAsync() => _folder.OpenForSuiteAsync();
}
