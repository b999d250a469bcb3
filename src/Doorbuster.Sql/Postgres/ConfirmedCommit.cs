using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>Commits of transactions that are made seldom, by those who may find them undone, or done twice.</summary>
internal static class ConfirmedCommit
{
    /// <summary>
    /// Commits. The driver cancels what takes too long; a server that waits for a synchronous standby then lets the
    /// transaction stand without it and warns, so that a failover may take it back (<see cref="WriterPool"/>). Nobody
    /// may go on by what stands so: a number that was raised once would be raised to the same again (F05, F18).
    /// </summary>
    /// <exception cref="StoreUnavailableException">It stands, and its standby may not have it.</exception>
    public static async Task CommitConfirmedAsync(
        this NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        using var warning = new StandbyWarning(connection);
        await transaction.CommitAsync(cancellationToken);
        if (warning.WasGiven)
        {
            throw new StoreUnavailableException(
                $"{connection.Host}:{connection.Port} has committed, and no synchronous standby has confirmed it.");
        }
    }
}

/// <summary>Whether a server says that a COMMIT stands without the standbys that it should have waited for.</summary>
internal sealed class StandbyWarning : IDisposable
{
    // What waits for standbys in the server, as its warning names itself in every language.
    private const string WaitForStandbys = "SyncRepWaitForLSN";

    private readonly NpgsqlConnection _connection;

    /// <summary>Listens on a connection until it is disposed of.</summary>
    public StandbyWarning(NpgsqlConnection connection)
    {
        _connection = connection;
        connection.Notice += Hear;
    }

    /// <summary>Whether it has been said.</summary>
    public bool WasGiven { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _connection.Notice -= Hear;

    private void Hear(object sender, NpgsqlNoticeEventArgs told) =>
        WasGiven |= told.Notice.Routine == WaitForStandbys;
}
