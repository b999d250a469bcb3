using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How the lock on an order store is taken: alone, or beside nodes of the same gate.</summary>
/// <remarks>
/// Nodes of two kinds share one lock. Those whose gate is the store have a lock of their own kind before they take it,
/// and both kinds look for the other once they have it: whoever comes second sees who came first.
/// </remarks>
internal sealed class LockSql
{
    private const string Here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private const string Held = $"locktype = 'advisory' AND granted AND {Here}";

    private const string HasGates = $"EXISTS (SELECT FROM pg_locks WHERE {Held} AND {AdvisoryLocks.IsOfGates})";

    private const string HasOthers =
        $"""
        EXISTS (SELECT FROM pg_locks AS a WHERE {Held} AND {AdvisoryLocks.IsOwnership} AND NOT EXISTS (
            SELECT FROM pg_locks AS b WHERE {Held} AND {AdvisoryLocks.IsOfGates} AND b.pid = a.pid))
        """;

    private const string SelectHolder =
        $"""
        SELECT CASE WHEN mode <> 'ShareLock' THEN 'memory' WHEN {HasGates} THEN 'database' ELSE 'redis' END
        FROM pg_locks WHERE {Held} AND {AdvisoryLocks.IsOwnership} LIMIT 1
        """;

    /// <summary>One process, whose gate is in its memory, owns the store.</summary>
    private static readonly LockSql Alone = new("memory", "")
    {
        Unlock = $"SELECT pg_advisory_unlock({AdvisoryLocks.Ownership})",
    };

    /// <summary>Nodes whose gate is in Redis share it.</summary>
    private static readonly LockSql BehindGate = new("redis", "_shared")
    {
        Unlock = $"SELECT pg_advisory_unlock_shared({AdvisoryLocks.Ownership})",
        Others = HasGates,
    };

    /// <summary>Nodes share it, and it is their gate.</summary>
    private static readonly LockSql AsGate = new("database", "_shared")
    {
        Unlock = $"SELECT pg_advisory_unlock_shared({AdvisoryLocks.Ownership}), "
            + $"pg_advisory_unlock_shared({AdvisoryLocks.OfGates})",
        Before = $"SELECT pg_advisory_lock_shared({AdvisoryLocks.OfGates})",
        Others = HasOthers,
    };

    private readonly string _tryLock;
    private readonly string _gate;
    private string? Before { get; init; }
    private string? Others { get; init; }

    private LockSql(string gate, string suffix)
    {
        _tryLock = $"SELECT pg_try_advisory_lock{suffix}({AdvisoryLocks.Ownership})";
        _gate = gate;
    }

    /// <summary>Gives the lock back.</summary>
    public required string Unlock { get; init; }

    /// <summary>How it is taken by those who work on the store so.</summary>
    public static LockSql Of(StoreUse use) => use switch
    {
        StoreUse.BehindGate => BehindGate,
        StoreUse.AsGate => AsGate,
        _ => Alone,
    };

    /// <summary>Whether it is ours from now on.</summary>
    public async Task<bool> TryAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        if (Before is not null)
        {
            await RunAsync(session, Before, cancellationToken);
        }

        var isOurs = await IsAsync(session, _tryLock, cancellationToken)
            && (Others is null || !await IsAsync(session, $"SELECT {Others}", cancellationToken));
        if (!isOurs && Others is not null)
        {
            await RunAsync(session, Unlock, cancellationToken);
        }

        return isOurs;
    }

    public static async Task RunAsync(NpgsqlConnection session, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Why it is not ours, and what to do, written for the operator.</summary>
    public async Task<string> RefusalAsync(
        NpgsqlConnection session, string schema, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectHolder, session);
        var holder = await select.ExecuteScalarAsync(cancellationToken) as string ?? "memory";
        var store =
            $"the order store in schema '{schema}' of database '{session.Database}' at {session.Host}:{session.Port}";
        var change = "choose another schema (Doorbuster:Postgres:Schema), or start with --wait-for-lock to take over "
            + "once it ends.";
        return holder == _gate
            ? $"Another process owns {store}. Stop it, {change}"
            : holder != "memory"
            ? $"Nodes with Doorbuster:Gate={holder} work on {store}, and this process has Doorbuster:Gate={_gate}, "
                + $"which does not work beside them. Set Doorbuster:Gate to {holder} to join them, stop all of them, "
                + change
            : $"A process with Doorbuster:Gate=memory owns {store}, and this node has Doorbuster:Gate={_gate}, which "
                + $"shares it. Stop that process, {change}";
    }

    private static async Task<bool> IsAsync(
        NpgsqlConnection session, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, session);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
