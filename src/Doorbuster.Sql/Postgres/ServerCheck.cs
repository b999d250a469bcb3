using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>Whether a server will do.</summary>
internal static class ServerCheck
{
    private const int OldestMajor = 14;

    private const string Select =
        "SELECT current_setting('synchronous_commit'), current_setting('server_encoding'), current_setting('fsync')";

    /// <summary>Looks at the settings on which every answer rests.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How the server makes a commit durable, for our own sessions to keep to.</returns>
    /// <exception cref="InvalidOperationException">It will not do; the message says what to change.</exception>
    public static async Task<string> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var (synchronousCommit, encoding, fsync) = (row.GetString(0), row.GetString(1), row.GetString(2));
        var fault = connection.PostgreSqlVersion.Major < OldestMajor
            ? $"is version {connection.PostgreSqlVersion}. Use {OldestMajor} or later."
            : synchronousCommit == "off"
            ? "has synchronous_commit=off: it answers before a commit is on disk, and a crash would take back orders "
                + "that buyers were told of. Set it to on, for the role or the database that we use at least."
            : fsync == "off"
            ? "has fsync=off: a crash may take back orders that buyers were told of. Set it to on."
            : encoding != "UTF8"
            ? $"has the database '{connection.Database}' in the encoding {encoding}. Use one in UTF8."
            : null;
        return fault is null
            ? synchronousCommit
            : throw new InvalidOperationException(
                $"The PostgreSQL server at {connection.Host}:{connection.Port} {fault}");
    }
}
