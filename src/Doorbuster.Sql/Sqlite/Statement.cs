using SQLitePCL;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// A prepared statement: bound, stepped and reset over and over. It speaks to SQLite directly, because an ADO.NET
/// command costs more than the insert that it carries.
/// </summary>
internal sealed class Statement : IDisposable
{
    /// <summary>SQLITE_TRANSIENT: SQLite makes its own copy.</summary>
    private const nint Copied = -1;

    /// <summary>SQLITE_STMTSTATUS_REPREPARE.</summary>
    private const int TimesPlannedAnew = 5;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private nint _handle;

    public Statement(sqlite3 db, string sql)
    {
        _db = db;
        var code = raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(db, code, sql);
        }

        _handle = _statement.DangerousGetHandle();
    }

    /// <summary>How often SQLite has planned it anew since it was prepared.</summary>
    public int Replans => raw.sqlite3_stmt_status(_statement, TimesPlannedAnew, 0);

    public Statement Bind(int parameter, long value)
    {
        _ = Native.BindInt64(_handle, parameter, value);
        return this;
    }

    public Statement Bind(int parameter, long? value)
    {
        _ = value is { } number
            ? Native.BindInt64(_handle, parameter, number)
            : Native.BindNull(_handle, parameter);
        return this;
    }

    public Statement BindText(int parameter, string? value)
    {
        _ = value is null
            ? Native.BindNull(_handle, parameter)
            : raw.sqlite3_bind_text(_statement, parameter, value);
        return this;
    }

    public Statement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        _ = Native.BindText(_handle, parameter, utf8, utf8.Length, Copied);
        return this;
    }

    public Statement BindBlob(int parameter, ReadOnlySpan<byte> value)
    {
        _ = Native.BindBlob(_handle, parameter, value, value.Length, Copied);
        return this;
    }

    /// <summary>
    /// Goes on to the next row; at the end, or on an error, the statement is ready to be bound again.
    /// </summary>
    /// <returns>Whether there is a row.</returns>
    public bool Step()
    {
        var code = Native.Step(_handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // The error is read before the reset, which would repeat it.
        var error = code == raw.SQLITE_DONE ? null : new SqliteException(_db, code, "Running a statement");
        _ = Native.Reset(_handle);
        return error is null ? false : throw error;
    }

    /// <summary>Runs a statement that has no rows, or whose rows nobody wants.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>Leaves the rows that are left.</summary>
    public void Reset() => _ = Native.Reset(_handle);

    public long GetInt64(int column) => Native.ColumnInt64(_handle, column);

    public long? GetNullableInt64(int column) => IsNull(column) ? null : GetInt64(column);

    public DateTimeOffset? GetTime(int column) =>
        GetNullableInt64(column) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public string GetText(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? GetNullableText(int column) => IsNull(column) ? null : GetText(column);

    /// <summary>The bytes of a text or blob, good until the next step.</summary>
    public ReadOnlySpan<byte> GetBytes(int column) => Native.ColumnBytes(_handle, column);

    public void Dispose()
    {
        _handle = 0;
        _statement.Dispose();
    }

    private bool IsNull(int column) => Native.ColumnType(_handle, column) == raw.SQLITE_NULL;
}
