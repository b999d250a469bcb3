using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How the store becomes the gate after another gate has worked on it, and how that is known.</summary>
internal static partial class GateSwitch
{
    /// <summary>Whose store it is, in words of the column.</summary>
    public const string Database = "database";

    private const string NoteRedis =
        """
        UPDATE ownership
        SET gate = 'redis', owner = owner + CASE WHEN gate IS DISTINCT FROM 'redis' THEN 1 ELSE 0 END
        """;

    /// <summary>
    /// Changes nothing: its commit waits for the standby, which has then whatever was committed before it.
    /// </summary>
    private const string NoteNothing = "UPDATE ownership SET owner = owner";

    private const string Lock = "SELECT gate FROM ownership FOR UPDATE";

    private const string NoteEpochs =
        """
        INSERT INTO gate_epochs (epoch, at, sale_no, reason)
        SELECT epoch, now(), no, 'The order store became the gate.' FROM sales
        """;

    /// <summary>Whoever never made an order has no row, and needs none.</summary>
    private const string NoteOrders =
        """
        INSERT INTO holdings (sale_no, buyer, quantity, at_most, orders)
        SELECT o.sale_no, o.buyer, 0, s.per_buyer_limit, array_agg(o.key ORDER BY o.place)
        FROM orders AS o JOIN sales AS s ON s.no = o.sale_no
        GROUP BY o.sale_no, o.buyer, s.per_buyer_limit
        ON CONFLICT (sale_no, buyer) DO UPDATE SET orders = excluded.orders
        """;

    private const string NoteDatabase = "UPDATE ownership SET gate = 'database', owner = owner + 1";

    /// <summary>
    /// In one transaction raises every sale's epoch, so that no gate of before can commit anything or be believed
    /// again (I1), and gathers each buyer's orders (I3, I4). Nothing is done where the store was the gate before.
    /// </summary>
    public static async Task RunAsync(
        NpgsqlConnection connection, ILogger logger, CancellationToken cancellationToken)
    {
        object? before;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var look = new NpgsqlCommand(Lock, connection) { CommandTimeout = 0 })
        {
            before = await look.ExecuteScalarAsync(cancellationToken);
        }

        if (before is Database)
        {
            await RunAsync(transaction, NoteNothing, cancellationToken);
            return;
        }

        await using (var change = new NpgsqlBatch(connection) { Timeout = 0 })
        {
            change.Add(TakeOver.LockAll);
            change.Add(TakeOver.RaiseEpochs);
            change.Add(NoteEpochs);
            change.Add(NoteOrders);
            change.Add(NoteDatabase);
            await change.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitConfirmedAsync(cancellationToken);
        Log.StoreBecameGate(logger, before as string ?? "none");
    }

    /// <summary>
    /// Notes that nodes with a gate in Redis work on the store: whoever worked on it with another gate is no longer its
    /// owner, and is told so when it has lost its lock and would take it up again (F18).
    /// </summary>
    public static async Task NoteRedisAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(transaction, NoteRedis, cancellationToken);
    }

    /// <summary>A first try may have committed without its standby: each writes, and is confirmed for itself.</summary>
    private static async Task RunAsync(
        NpgsqlTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await LockSql.RunAsync(transaction.Connection!, sql, cancellationToken);
        await transaction.CommitConfirmedAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.StoreBecameGate, LogLevel.Information,
            "The order store is the gate itself from now on, after gate '{Before}': every sale has a new epoch, and "
            + "what an earlier gate decides is not written any more.")]
        public static partial void StoreBecameGate(ILogger logger, string before);
    }
}
