using System.Globalization;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// Brings a schema up to date, one numbered file a step, each in a transaction of its own. Two that do so at once take
/// turns.
/// </summary>
public static class PostgresMigrator
{
    private const string SelectVersion = "SELECT coalesce(max(version), 0) FROM schema_versions";

    private static readonly MigrationSteps Steps = new("Postgres.Migrations");
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(30);

    /// <summary>The version that this program works with.</summary>
    public static int Newest => Steps.Newest;

    /// <summary>Applies what is missing. Safe to call again.</summary>
    /// <returns>Where the store is, without its password.</returns>
    /// <exception cref="InvalidOperationException">A newer program made the schema.</exception>
    /// <exception cref="StoreUnavailableException">The server does not answer, or refuses.</exception>
    public static async Task<string> MigrateAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = PostgresConnections.Alone(options);
            await connection.OpenAsync(cancellationToken);
            await MigrateAsync(connection, options.Schema, cancellationToken);
            return options.Place;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            throw new StoreUnavailableException(fault.Message, fault);
        }
    }

    /// <summary>Sees to it that the schema is the one this program works with.</summary>
    /// <exception cref="InvalidOperationException">It is older, newer, or not there.</exception>
    internal static async Task CheckAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var version = await ReadVersionAsync(connection, schema, cancellationToken);
        Steps.MustKnow(version);
        if (version < Newest)
        {
            throw new InvalidOperationException(
                $"The schema '{schema}' of database '{connection.Database}' is version {version}, and this program "
                + $"works with {Newest}. Run 'doorbuster migrate' with the same settings, then start again.");
        }
    }

    private static async Task MigrateAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        // The lock ends with the session, should we.
        await RunAsync(connection, $"SELECT pg_advisory_lock({AdvisoryLocks.Migration})", cancellationToken);
        if (!await ExistsAsync(connection, "SELECT to_regnamespace($1) IS NOT NULL", schema, cancellationToken))
        {
            // Asked for only where it is missing: who may not create schemas may still migrate one.
            await RunAsync(connection, $"CREATE SCHEMA {schema}", cancellationToken);
        }

        await RunAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS schema_versions "
            + "(version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
            cancellationToken);
        var version = await ReadVersionAsync(connection, schema, cancellationToken);
        Steps.MustKnow(version);
        for (var step = version; step < Newest; step++)
        {
            var note = string.Create(
                CultureInfo.InvariantCulture, $"INSERT INTO schema_versions (version) VALUES ({step + 1})");
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await RunAsync(connection, $"{Steps.All[step]};\n{note}", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>0 where there is no schema yet.</summary>
    private static async Task<int> ReadVersionAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        const string HasTable = "SELECT to_regclass($1) IS NOT NULL";
        if (!await ExistsAsync(connection, HasTable, $"{schema}.schema_versions", cancellationToken))
        {
            return 0;
        }

        await using var version = new NpgsqlCommand(SelectVersion, connection);
        return (int)(await version.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<bool> ExistsAsync(
        NpgsqlConnection connection, string sql, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(Parameters.Of(name));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = (int)LongestStep.TotalSeconds,
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
