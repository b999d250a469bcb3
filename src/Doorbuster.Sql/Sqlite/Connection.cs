using SQLitePCL;

namespace Doorbuster.Sql.Sqlite;

/// <summary>One connection to the database file, used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private const int BusyTimeoutMs = 5_000;

    private readonly sqlite3 _db;

    static Connection() => Batteries_V2.Init();

    /// <summary>Opens the file; the writer creates it where it is missing.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, or is no database.</exception>
    public Connection(string path, bool writes, int cacheKiB)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX
            | (writes ? raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE : raw.SQLITE_OPEN_READWRITE);
        var code = raw.sqlite3_open_v2(path, out _db, flags, null);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(_db, code, $"Opening {path}");
        }

        raw.sqlite3_busy_timeout(_db, BusyTimeoutMs);
        KeepPlans();

        // FULL: a commit is on disk before it is answered. Folding the log back is the checkpointer's work.
        if (ReadText("PRAGMA journal_mode = WAL") is not "wal" and var mode)
        {
            throw new InvalidOperationException(
                $"The order store {path} keeps its journal in mode '{mode}' and not in 'wal': "
                + "is it on a file system without shared memory?");
        }

        Execute("PRAGMA synchronous = FULL");

        // Where a plain sync stops at the drive's own memory (macOS), go on to the platter.
        Execute("PRAGMA fullfsync = ON");
        Execute("PRAGMA checkpoint_fullfsync = ON");
        Execute("PRAGMA foreign_keys = ON");
        Execute("PRAGMA trusted_schema = OFF");
        Execute("PRAGMA wal_autocheckpoint = 0");
        Execute($"PRAGMA cache_size = -{cacheKiB}");
        if (!writes)
        {
            Execute("PRAGMA query_only = ON");
        }
    }

    /// <summary>
    /// Has a statement keep the plan it was prepared with (https://sqlite.org/queryplanner-ng.html#qpstab). Where a
    /// bound value is compared with a column of a partial index's condition, SQLite otherwise plans anew for each
    /// value: that was half the cost of a payment.
    /// </summary>
    private void KeepPlans()
    {
        var code = raw.sqlite3_db_config(_db, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out var isOn);
        if (code != raw.SQLITE_OK || isOn != 1)
        {
            throw new SqliteException(_db, code, "Keeping the plans of statements");
        }
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    /// <summary>Rows the last statement changed.</summary>
    public int Changes => raw.sqlite3_changes(_db);

    /// <summary>
    /// Nobody but the writer writes, so a compare-and-set of what it has just read that misses is a broken invariant,
    /// and loud.
    /// </summary>
    /// <param name="rows">Rows that the last statement was to change.</param>
    /// <param name="what">What they are.</param>
    /// <exception cref="InvalidOperationException">It has changed fewer or more.</exception>
    public void MustHaveChanged(int rows, string what)
    {
        if (Changes != rows)
        {
            throw new InvalidOperationException($"{what} was not as it had just been read.");
        }
    }

    public Statement Prepare(string sql) => new(_db, sql);

    /// <summary>Runs one or several statements whose rows nobody wants.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_db, sql);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(_db, code, sql);
        }
    }

    /// <summary>The first column of the first row.</summary>
    public long ReadInt64(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.GetInt64(0) : throw new InvalidOperationException($"No row: {sql}");
    }

    /// <summary>The first column of the first row, as text.</summary>
    public string ReadText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.GetText(0) : throw new InvalidOperationException($"No row: {sql}");
    }

    /// <summary>Undoes what is open, if anything is.</summary>
    public void RollbackIfOpen()
    {
        if (InTransaction)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>Copies the log into the database.</summary>
    /// <param name="restart">Where nobody reads the log, the next commit begins it anew.</param>
    /// <returns>Frames the log has.</returns>
    public int Checkpoint(bool restart)
    {
        // Whoever writes must not wait here for someone who reads: then the log goes on, until the next try.
        var mode = restart ? raw.SQLITE_CHECKPOINT_RESTART : raw.SQLITE_CHECKPOINT_PASSIVE;
        raw.sqlite3_busy_timeout(_db, 0);
        var code = raw.sqlite3_wal_checkpoint_v2(_db, null, mode, out var frames, out _);
        raw.sqlite3_busy_timeout(_db, BusyTimeoutMs);
        return code is raw.SQLITE_OK or raw.SQLITE_BUSY or raw.SQLITE_LOCKED
            ? frames
            : throw new SqliteException(_db, code, "Folding the log back");
    }

    public void Dispose() => raw.sqlite3_close_v2(_db);
}
