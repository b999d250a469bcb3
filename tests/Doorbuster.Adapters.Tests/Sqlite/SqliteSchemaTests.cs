using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>A database that this program cannot serve is refused with words that say why.</summary>
public sealed class SqliteSchemaTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_folder_is_made_and_opens_empty()
    {
        using var parent = new SqliteFolder();
        var options = new Sql.Sqlite.SqliteOptions { Database = Path.Combine(parent.Path, "a", "b", "c.db") };

        await using var store = await Sql.Sqlite.SqliteStore.OpenAsync(
            options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, Cancel);

        Assert.Empty(await store.TakeOverAsync(Cancel));
        Assert.True(File.Exists(options.Database));
    }

    [Fact]
    public async Task Opening_twice_changes_nothing()
    {
        await (await _folder.OpenAsync()).DisposeAsync();
        var version = Version();
        await (await _folder.OpenAsync()).DisposeAsync();

        Assert.Equal(version, Version());
        Assert.True(int.Parse(version, System.Globalization.CultureInfo.InvariantCulture) >= 1);
    }

    [Fact]
    public async Task A_newer_programs_database_is_refused()
    {
        await (await _folder.OpenAsync()).DisposeAsync();
        using (var database = new RawDatabase(_folder.Database))
        {
            database.Run("PRAGMA user_version = 9999");
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _folder.OpenAsync());

        Assert.Contains("9999", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("9999", Version());
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("This is no database. ", 500));
        await File.WriteAllTextAsync(_folder.Database, text, Cancel);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _folder.OpenAsync());

        Assert.Contains(_folder.Database, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("not a database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(_folder.Database, Cancel));
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_as_it_is()
    {
        using (var database = new RawDatabase(_folder.Database))
        {
            database.Run("CREATE TABLE sales (something TEXT); INSERT INTO sales VALUES ('precious')");
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => _folder.OpenAsync());

        using var after = new RawDatabase(_folder.Database);
        Assert.Equal("precious", after.Read("SELECT something FROM sales"));
    }

    [Fact]
    public async Task A_database_that_lost_a_table_is_refused()
    {
        await (await _folder.OpenAsync()).DisposeAsync();
        using (var database = new RawDatabase(_folder.Database))
        {
            database.Run("DROP TABLE orders");
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _folder.OpenAsync());

        Assert.Contains("orders", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_was_closed_says_so()
    {
        var sale = Samples.Sale();
        var store = await _folder.OpenAsync();
        await store.CreateAsync(sale, Cancel);
        await store.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.CreateAsync(sale, Cancel));
        var receipt = await store.CommitAsync([Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna"))], Cancel);
        Assert.Equal(Fulfilment.CommitStatus.Failed, receipt.Status);
        await store.DisposeAsync();
    }

    private string Version()
    {
        using var database = new RawDatabase(_folder.Database);
        return database.Read("PRAGMA user_version");
    }
}
