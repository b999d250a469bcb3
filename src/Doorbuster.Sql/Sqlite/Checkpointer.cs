using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Folds the write-ahead log back into the database. Nearly all of it happens beside the writer, on a connection of its
/// own; only when the log has grown past its limit does the writer stop for the little that is left, so that the log
/// begins anew.
/// </summary>
internal sealed partial class Checkpointer : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private const long PageBytes = 4_096;

    private readonly Connection _connection;
    private readonly Writer _writer;
    private readonly long _maxFrames;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public Checkpointer(Connection connection, Writer writer, int walMiB, TimeProvider clock, ILogger logger)
    {
        _connection = connection;
        _writer = writer;
        _maxFrames = walMiB * 1_048_576L / PageBytes;
        _logger = logger;
        _running = Task.Run(() => RunAsync(clock, _stopping.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _connection.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await FoldAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closing; what is left in the log is read at the next start.
        }
    }

    private async Task FoldAsync()
    {
        try
        {
            if (_connection.Checkpoint(restart: false) > _maxFrames)
            {
                await _writer.RunAsync(connection => connection.Checkpoint(restart: true));
            }
        }
        catch (Exception fault)
        {
            // A full disk, mostly: the log keeps what is committed, and the next round tries again.
            Log.NotFolded(_logger, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.NotFolded, LogLevel.Warning,
            "The order store's log could not be folded back; it will be tried again.")]
        public static partial void NotFolded(ILogger logger, Exception fault);
    }
}
