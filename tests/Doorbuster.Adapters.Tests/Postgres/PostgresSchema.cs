using Doorbuster.Conformance;
using Doorbuster.Servers;
using Doorbuster.Sql.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>A schema of its own for one test, in a real server, brought up to date.</summary>
internal sealed class PostgresSchema
{
    private static int _made;

    private PostgresSchema(PostgresServer server) => Server = server;

    public PostgresServer Server { get; }

    public string Name { get; } = $"test_{Interlocked.Increment(ref _made)}";

    /// <summary>With more time than a loaded machine takes.</summary>
    public PostgresOptions Options => new()
    {
        ConnectionString = Server.ConnectionString,
        Schema = Name,
        CommandTimeout = Waiting.Patience,
    };

    public static async Task<PostgresSchema> MakeAsync(PostgresServer server)
    {
        var schema = new PostgresSchema(server);
        await PostgresMigrator.MigrateAsync(schema.Options, CancellationToken.None);
        return schema;
    }

    public static async Task<PostgresSchema> MakeAsync(SharedPostgres shared) =>
        await MakeAsync(await shared.GetAsync());

    public Task<PostgresStore> OpenAsync(PostgresOptions? options = null, TimeProvider? clock = null) =>
        PostgresStore.OpenAsync(
            options ?? Options, clock ?? TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    public async ValueTask<StoreUnderTest> OpenForSuiteAsync()
    {
        var store = await OpenAsync();
        return new StoreUnderTest(store, store, store, store.DisposeAsync);
    }

    /// <summary>Lets time go by, by the server's own clock.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var until = await QueryAsync($"SELECT clock_timestamp() + interval '{time.TotalMilliseconds} ms'");
        await Waiting.UntilAsync(
            "the server's clock is there",
            async () => (await QueryAsync($"SELECT clock_timestamp() > '{until.Trim()}'")).Trim() == "t");
    }

    /// <summary>Runs SQL in the schema, beside the store.</summary>
    public Task<string> QueryAsync(string sql) => Server.QueryAsync($"SET search_path = {Name}; {sql}");
}
