using SQLitePCL;

namespace Doorbuster.Sql.Sqlite;

/// <summary>SQLite refused a statement.</summary>
internal sealed class SqliteException : Exception
{
    public SqliteException(sqlite3 db, int code, string doing)
        : base($"{doing}: {raw.sqlite3_errmsg(db).utf8_to_string()} (SQLite error {raw.sqlite3_extended_errcode(db)})")
    {
        Code = code & 0xff;
    }

    /// <summary>The primary result code, https://www.sqlite.org/rescode.html.</summary>
    public int Code { get; }

    /// <summary>
    /// Whether a CHECK, a key or another constraint refused a row: a broken invariant, not the surroundings.
    /// </summary>
    public bool IsConstraint => Code == raw.SQLITE_CONSTRAINT;

    /// <summary>Whether the file system refused: no room, or a disk that fails.</summary>
    public bool IsInputOutput => Code is raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN;

    /// <summary>
    /// Whether a COMMIT that ended so surely left nothing: with no room, or a lock not had, the frame that would have
    /// committed was never whole. Any other error, a failed sync above all, may leave a commit that a later recovery
    /// finds.
    /// </summary>
    public bool CommitSurelyFailed => Code is raw.SQLITE_FULL or raw.SQLITE_BUSY;
}
