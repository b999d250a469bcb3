using Doorbuster.Fulfilment;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Sql;

/// <summary>Says once that commits no longer reach the disk, and once that they do again.</summary>
internal sealed partial class CommitTurns(ILogger logger)
{
    private bool _isFailing;

    /// <summary>A commit has ended.</summary>
    /// <param name="status">How.</param>
    /// <param name="reason">Why it was not made, or may not have been.</param>
    public void Note(CommitStatus status, string? reason)
    {
        var isFailing = status != CommitStatus.Committed;
        if (Interlocked.Exchange(ref _isFailing, isFailing) == isFailing)
        {
            return;
        }

        if (isFailing)
        {
            Log.NotCommitted(logger, status, reason);
        }
        else
        {
            Log.CommittedAgain(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.NotCommitted, LogLevel.Error,
            "Orders do not reach the disk ({Status}): {Reason}. Nothing is sold until they do.")]
        public static partial void NotCommitted(ILogger logger, CommitStatus status, string? reason);

        [LoggerMessage(EventIds.CommittedAgain, LogLevel.Information, "Orders reach the disk again.")]
        public static partial void CommittedAgain(ILogger logger);
    }
}
