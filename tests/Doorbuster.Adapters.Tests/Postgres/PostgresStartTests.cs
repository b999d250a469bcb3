using Doorbuster.Servers;
using Doorbuster.Sql.Postgres;
using Xunit;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>What a server and a schema must be before anything is sold over them.</summary>
public sealed class PostgresStartTests(SharedPostgres shared)
{
    [Theory]
    [InlineData("synchronous_commit=off")]
    public async Task A_session_that_answers_before_the_disk_has_it_is_refused(string setting)
    {
        var schema = await PostgresSchema.MakeAsync(shared);
        var options = schema.Options with
        {
            ConnectionString = $"{schema.Server.ConnectionString};Options=-c {setting}",
        };

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => schema.OpenAsync(options));

        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Set it to on", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_turns_it_off_later_does_not_change_what_our_commits_are()
    {
        var schema = await PostgresSchema.MakeAsync(shared);
        var options = schema.Options with
        {
            ConnectionString = $"{schema.Server.ConnectionString};Options=-c synchronous_commit=remote_apply",
        };
        await using var connections = new PostgresConnections(options, "remote_apply");
        var found = await connections.Writers.ReadAsync(
            async connection =>
            {
                await using var command = connection.CreateCommand();
                command.CommandText =
                    "SELECT source || ' ' || setting FROM pg_settings WHERE name = 'synchronous_commit'";
                return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken);

        Assert.Equal("client remote_apply", found);
    }

    [Fact]
    public async Task A_schema_that_is_behind_or_missing_is_told_how_to_be_mended()
    {
        var schema = await PostgresSchema.MakeAsync(shared);
        await schema.QueryAsync("DELETE FROM schema_versions WHERE version > 0");

        foreach (var options in new[] { schema.Options, schema.Options with { Schema = "nothing_here" } })
        {
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => schema.OpenAsync(options));
            Assert.Contains("doorbuster migrate", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_schema_of_a_newer_program_is_left_alone()
    {
        var schema = await PostgresSchema.MakeAsync(shared);
        await schema.QueryAsync($"INSERT INTO schema_versions (version) VALUES ({PostgresMigrator.Newest + 1})");

        await Assert.ThrowsAsync<InvalidOperationException>(() => schema.OpenAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => PostgresMigrator.MigrateAsync(schema.Options, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Migrations_at_once_take_turns_and_are_applied_once()
    {
        var server = await shared.GetAsync();
        var options = new PostgresOptions
        {
            ConnectionString = server.ConnectionString,
            Schema = "at_once",
            CommandTimeout = Waiting.Patience,
        };

        await Task.WhenAll(Enumerable.Range(0, 6).Select(
            _ => Task.Run(() => PostgresMigrator.MigrateAsync(options, TestContext.Current.CancellationToken))));

        var versions = await server.QueryAsync("SELECT count(*), max(version) FROM at_once.schema_versions");
        Assert.Equal($"{PostgresMigrator.Newest}|{PostgresMigrator.Newest}", versions.Trim());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told_by_its_address()
    {
        var options = new PostgresOptions
        {
            ConnectionString = "Host=127.0.0.1;Port=1;Username=nobody",
            WaitAtStart = TimeSpan.Zero,
        };

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => PostgresStore.OpenAsync(
                options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
                TestContext.Current.CancellationToken));

        Assert.Contains("127.0.0.1:1", refusal.Message, StringComparison.Ordinal);
    }
}
