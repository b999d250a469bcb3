using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Sql.Sqlite;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>What a commit's place on disk rests on, read back from the connections that an open store holds.</summary>
public sealed class SqliteDurabilityTests : IAsyncLifetime
{
    private readonly SqliteFolder _folder = new();
    private readonly Sale _sale = Samples.Sale(quantity: 50_000, limit: 50_000);
    private SqliteStore? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SqliteStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _store = await _folder.OpenAsync();
        await _store.CreateAsync(_sale, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Every_connection_logs_ahead_and_waits_for_the_disk()
    {
        var connections = OpenConnections.Of(Store);

        // A writer, a checkpointer and the readers.
        Assert.True(connections.Count >= 3, $"{connections.Count} connections were found.");
        Assert.All(connections, connection =>
        {
            Assert.Equal("wal", connection.ReadText("PRAGMA journal_mode"));
            Assert.Equal(2, connection.ReadInt64("PRAGMA synchronous"));
            Assert.Equal(1, connection.ReadInt64("PRAGMA foreign_keys"));
            Assert.Equal(0, connection.ReadInt64("PRAGMA ignore_check_constraints"));
        });
    }

    [Fact]
    public void Readers_cannot_write()
    {
        var readers = OpenConnections.Of(Store).Except(Writers()).ToList();

        Assert.NotEmpty(readers);
        Assert.All(readers, reader => Assert.ThrowsAny<Exception>(() => reader.Execute("DELETE FROM orders")));
    }

    [Fact]
    public void The_database_is_in_its_owners_hands_alone()
    {
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Assert.Equal(Owner, File.GetUnixFileMode(_folder.Path));
        }
    }

    [Fact]
    public async Task A_commit_is_in_the_log_when_it_returns()
    {
        var log = new FileInfo(_folder.Database + "-wal");
        var before = log.Length;

        await CommitAsync(0, 100);

        log.Refresh();
        Assert.True(log.Length > before, "The log did not grow.");
        using var another = new RawDatabase(_folder.Database);
        Assert.Equal("100", another.Read("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task F16_A_full_disk_fails_the_commit_changes_nothing_and_heals()
    {
        await CommitAsync(0, 10);
        FillTheDisk();

        Assert.Equal(CommitStatus.Failed, (await TryCommitAsync(10, 10_000)).Status);
        var report = await Store.ReportAsync(_sale.Id, Cancel);
        Assert.Equal((10, 10), (report!.Stock.Reserved, report.Orders.Count));

        EmptyTheDisk();
        await CommitAsync(10, 10_000);
        Assert.Equal(10_010, (await Store.ReportAsync(_sale.Id, Cancel))!.Stock.Reserved);
    }

    [Fact]
    public async Task F16_A_sale_that_cannot_be_written_is_refused_and_can_be_created_later()
    {
        var large = Samples.Sale("large") with { Description = new string('x', 40_000) };
        FillTheDisk();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.CreateAsync(large, Cancel));
        Assert.Null(await Store.ReportAsync(large.Id, Cancel));

        EmptyTheDisk();
        Assert.NotNull(await Store.CreateAsync(large, Cancel));
    }

    private List<OpenConnection> Writers() =>
        [.. OpenConnections.Of(Store).Where(connection => connection.ReadInt64("PRAGMA query_only") == 0)];

    /// <summary>To SQLite a database that may not grow is a disk that is full: SQLITE_FULL.</summary>
    private void FillTheDisk() => Writers().ForEach(writer => LetGrowTo(writer, writer.ReadInt64("PRAGMA page_count")));

    private void EmptyTheDisk() => Writers().ForEach(writer => LetGrowTo(writer, 1_000_000));

    private static void LetGrowTo(OpenConnection writer, long pages) =>
        writer.Execute($"PRAGMA max_page_count = {pages}");

    private async Task CommitAsync(int before, int orders) =>
        Assert.True((await TryCommitAsync(before, orders)).Covers(_sale.Id));

    private ValueTask<CommitReceipt> TryCommitAsync(int before, int orders) =>
        Store.CommitAsync(
            [
                Samples.Admissions(
                    _sale, 1, before,
                    [.. Enumerable.Range(before, orders).Select(i => Samples.Order(_sale, $"buyer-{i}"))]),
            ],
            Cancel);
}
