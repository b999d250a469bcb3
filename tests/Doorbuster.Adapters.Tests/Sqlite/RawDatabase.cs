using SQLitePCL;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>The database file without the store: what anyone with a SQLite shell could do to it.</summary>
internal sealed class RawDatabase : IDisposable
{
    private readonly sqlite3 _db;

    static RawDatabase() => Batteries_V2.Init();

    public RawDatabase(string path)
    {
        if (raw.sqlite3_open(path, out _db) != raw.SQLITE_OK)
        {
            throw new IOException($"{path} could not be opened.");
        }
    }

    /// <summary>Runs statements.</summary>
    /// <returns>What SQLite says against it; null where it was done.</returns>
    public string? Try(string sql) =>
        raw.sqlite3_exec(_db, sql) == raw.SQLITE_OK ? null : raw.sqlite3_errmsg(_db).utf8_to_string();

    public void Run(string sql)
    {
        if (Try(sql) is { } refusal)
        {
            throw new InvalidOperationException($"{sql}: {refusal}");
        }
    }

    /// <summary>The first column of the first row, as text.</summary>
    public string Read(string sql)
    {
        if (raw.sqlite3_prepare_v2(_db, sql, out var statement) != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"{sql}: {raw.sqlite3_errmsg(_db).utf8_to_string()}");
        }

        using (statement)
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW
                ? raw.sqlite3_column_text(statement, 0).utf8_to_string()
                : throw new InvalidOperationException($"{sql}: no row.");
        }
    }

    public void Dispose() => _db.Dispose();
}
