using Doorbuster.Conformance;
using Doorbuster.Sql.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>A data directory of its own for one test, gone afterwards.</summary>
internal sealed class SqliteFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("doorbuster-");

    public string Path => _folder.FullName;

    public string Database => System.IO.Path.Combine(Path, "doorbuster.db");

    public string Lock => System.IO.Path.Combine(Path, "doorbuster.db.lock");

    public Task<SqliteStore> OpenAsync(TimeProvider? clock = null, bool waitForLock = false) =>
        SqliteStore.OpenAsync(
            new SqliteOptions { Database = Database, WaitForLock = waitForLock },
            clock ?? TimeProvider.System,
            NullLogger.Instance,
            CancellationToken.None);

    public async ValueTask<StoreUnderTest> OpenForSuiteAsync()
    {
        var store = await OpenAsync();
        return new StoreUnderTest(store, store, store, store.DisposeAsync);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
