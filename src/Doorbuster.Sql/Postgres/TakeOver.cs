using Doorbuster.Claims;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How a process becomes the owner of every sale.</summary>
internal static class TakeOver
{
    private const string RaiseOwner = "UPDATE ownership SET owner = owner + 1, gate = 'memory' RETURNING owner";

    // In the order in which every transaction locks, so that none waits for us while we wait for it.
    public const string LockAll = "SELECT FROM sales ORDER BY id FOR UPDATE";

    public const string RaiseEpochs = "UPDATE sales SET epoch = epoch + 1";

    /// <summary>
    /// In one transaction raises the owner's number and every sale's epoch, and reads all that stands: what an earlier
    /// owner decided can no longer be committed, and what it did commit is read (F18).
    /// </summary>
    public static async Task<(long Owner, IReadOnlyList<GateSnapshot> Snapshots)> RunAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var wide = new NpgsqlCommand(PostgresConnections.AllAtOnce, connection);
        await wide.ExecuteNonQueryAsync(cancellationToken);
        await using var raise = new NpgsqlCommand(RaiseOwner, connection) { CommandTimeout = 0 };
        var owner = (long)(await raise.ExecuteScalarAsync(cancellationToken))!;
        await using var epochs = new NpgsqlBatch(connection) { Timeout = 0 };
        epochs.Add(LockAll);
        epochs.Add(RaiseEpochs);
        await epochs.ExecuteNonQueryAsync(cancellationToken);
        var snapshots = await SnapshotReader.ReadAllAsync(connection, cancellationToken);
        await transaction.CommitConfirmedAsync(cancellationToken);
        return (owner, snapshots);
    }
}
