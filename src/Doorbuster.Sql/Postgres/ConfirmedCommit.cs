using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>Commits of transactions that are made seldom, by those who may find them undone, or done twice.</summary>
internal static class ConfirmedCommit
{
    // What waits for standbys in the server, as its warning names itself in every language.
    private const string WaitForStandbys = "SyncRepWaitForLSN";

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
        var isUnconfirmed = false;
        connection.Notice += Hear;
        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            connection.Notice -= Hear;
        }

        if (isUnconfirmed)
        {
            throw new StoreUnavailableException(
                $"{connection.Host}:{connection.Port} has committed, and no synchronous standby has confirmed it.");
        }

        void Hear(object sender, NpgsqlNoticeEventArgs told) =>
            isUnconfirmed |= told.Notice.Routine == WaitForStandbys;
    }
}
