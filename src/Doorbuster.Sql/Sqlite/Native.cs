using System.Runtime.InteropServices;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// The calls that each row makes, without the counting of references that SQLitePCL puts around them: an order is
/// written by thirteen calls and read by nine. The library is the one that SQLitePCL has loaded.
/// </summary>
/// <remarks>
/// What only touches memory leaves out the hand-over to the garbage collector as well. Given no statement (0), each
/// call is refused by SQLite itself.
/// </remarks>
internal static partial class Native
{
    private const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    public static partial int BindInt64(nint statement, int parameter, long value);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null")]
    public static partial int BindNull(nint statement, int parameter);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(nint statement, int parameter, ReadOnlySpan<byte> utf8, int bytes, nint keep);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(nint statement, int parameter, ReadOnlySpan<byte> value, int bytes, nint keep);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    public static partial long ColumnInt64(nint statement, int column);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    public static partial int ColumnType(nint statement, int column);

    /// <summary>The bytes of a text or blob, good until the next step.</summary>
    public static unsafe ReadOnlySpan<byte> ColumnBytes(nint statement, int column)
    {
        // In this order: asking for the blob first may change how the value is kept, and so how long it is.
        var first = ColumnBlob(statement, column);
        return new ReadOnlySpan<byte>(first, ColumnLength(statement, column));
    }

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    private static unsafe partial void* ColumnBlob(nint statement, int column);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    private static partial int ColumnLength(nint statement, int column);
}
