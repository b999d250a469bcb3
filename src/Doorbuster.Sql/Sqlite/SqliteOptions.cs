using System.ComponentModel.DataAnnotations;

namespace Doorbuster.Sql.Sqlite;

/// <summary>How the embedded order store uses its machine.</summary>
public sealed record SqliteOptions
{
    /// <summary>
    /// The database's file. It is made where it is missing, and its folder too, readable by their owner alone; beside
    /// it are its log (<c>-wal</c>, <c>-shm</c>) and the lock of the process that owns it (<c>.lock</c>).
    /// </summary>
    public string Database { get; init; } = "./doorbuster-data/doorbuster.db";

    /// <summary>Whether to wait while another process owns the store, instead of refusing to start.</summary>
    public bool WaitForLock { get; init; }

    /// <summary>Memory for database pages, in MiB, for the writer; each reader has 2 MiB.</summary>
    [Range(1, 1_024)]
    public int CacheMiB { get; init; } = 16;

    /// <summary>The write-ahead log is folded back into the database once it is this large, in MiB.</summary>
    [Range(4, 4_096)]
    public int WalMiB { get; init; } = 64;

    /// <summary>Connections that read, and so the reads that run at once; others wait.</summary>
    [Range(1, 64)]
    public int Readers { get; init; } = 4;
}
