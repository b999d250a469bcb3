using Microsoft.Extensions.Logging;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// The right to own an order store (F18): a lock on a file beside it, which the system frees when the process ends,
/// however it ends. Should the file be deleted under a running owner, the next owner's number shuts the old one out.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // What a system says of a file that another has locked: EWOULDBLOCK, or a sharing violation.
    private static readonly int Locked =
        OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35;

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or waits for it.</summary>
    /// <exception cref="StoreLockedException">Another process has it, and waiting was not asked for.</exception>
    /// <exception cref="IOException">The file cannot be made or opened; waiting would not help.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open the file.</exception>
    /// <exception cref="InvalidOperationException">Locks do not exclude here.</exception>
    public static async Task<StoreLock> AcquireAsync(
        string database, bool wait, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        var path = $"{database}.lock";
        for (var tries = 0; ; tries++)
        {
            if (TryLock(path) is { } file)
            {
                MustExclude(file);
                return new StoreLock(file);
            }

            if (!wait)
            {
                throw new StoreLockedException(
                    $"Another process owns the order store '{database}'. Stop it, choose another data directory, or "
                    + "start with --wait-for-lock to take over once it ends.");
            }

            if (tries == 0)
            {
                LockQueue.Announce(logger, database);
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Null where another has it.</summary>
    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault.HResult == Locked)
        {
            return null;
        }
    }

    /// <summary>
    /// Tries the lock on ourselves. A lock is between two openings of a file, so our own second one must fail; it does
    /// not where the file system knows no locks, where it emulates them between processes alone (NFS), or where .NET
    /// was told to leave them out, and then nothing would keep a second process from selling the same units.
    /// </summary>
    private static void MustExclude(FileStream file)
    {
        if (TryLock(file.Name) is not { } second)
        {
            return;
        }

        second.Dispose();
        file.Dispose();
        throw new InvalidOperationException(
            $"The lock '{file.Name}' keeps nobody out: its file system does not lock, or "
            + "DOTNET_SYSTEM_IO_DISABLEFILELOCKING is set. Keep the order store on a local disk, and unset that.");
    }
}
