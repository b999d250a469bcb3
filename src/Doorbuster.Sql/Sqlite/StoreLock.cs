namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// The right to own an order store (F18): a lock on a file beside it, which the system frees when the process ends,
/// however it ends. Should the file be deleted under a running owner, the next owner's number shuts the old one out.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or waits for it.</summary>
    /// <exception cref="StoreLockedException">Another process has it, and waiting was not asked for.</exception>
    public static async Task<StoreLock> AcquireAsync(
        string database, bool wait, TimeProvider clock, CancellationToken cancellationToken)
    {
        var path = $"{database}.lock";
        while (true)
        {
            if (TryAcquire(path) is { } file)
            {
                return new StoreLock(file);
            }

            if (!wait)
            {
                throw new StoreLockedException(
                    $"Another process owns the order store '{database}'. Stop it, choose another data directory, or "
                    + "start with --wait-for-lock to take over once it ends.");
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryAcquire(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
