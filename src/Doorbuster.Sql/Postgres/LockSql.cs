using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How the lock on an order store is taken: alone, or beside other nodes.</summary>
internal sealed class LockSql
{
    /// <summary>One process, whose gate is in its memory, owns the store.</summary>
    public static readonly LockSql Alone = new("", "memory");

    /// <summary>Nodes whose gate is in Redis share it.</summary>
    public static readonly LockSql Shared = new("_shared", "redis");

    private const string SelectHolder =
        $"""
        SELECT mode FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND {AdvisoryLocks.IsOwnership}
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        LIMIT 1
        """;

    private readonly string _tryLock;
    private readonly string _gate;

    private LockSql(string suffix, string gate)
    {
        _tryLock = $"SELECT pg_try_advisory_lock{suffix}({AdvisoryLocks.Ownership})";
        Unlock = $"SELECT pg_advisory_unlock{suffix}({AdvisoryLocks.Ownership})";
        _gate = gate;
    }

    /// <summary>Gives the lock back.</summary>
    public string Unlock { get; }

    /// <summary>Whether it is ours from now on.</summary>
    public async Task<bool> TryAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_tryLock, session);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
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
        var holder = await select.ExecuteScalarAsync(cancellationToken) is "ShareLock" ? "redis" : "memory";
        var store =
            $"the order store in schema '{schema}' of database '{session.Database}' at {session.Host}:{session.Port}";
        var change = "choose another schema (Doorbuster:Postgres:Schema), or start with --wait-for-lock to take over "
            + "once it ends.";
        return holder == _gate
            ? $"Another process owns {store}. Stop it, {change}"
            : holder == "redis"
            ? $"Nodes with Doorbuster:Gate=redis work on {store}, and this process has Doorbuster:Gate=memory, which "
                + $"must own it alone. Set Doorbuster:Gate to redis to join them, stop all of them, {change}"
            : $"A process with Doorbuster:Gate=memory owns {store}, and this node has Doorbuster:Gate=redis, which "
                + $"shares it. Stop that process, {change}";
    }
}
