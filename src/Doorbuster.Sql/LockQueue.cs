using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Sql;

/// <summary>Where a process waits for the one that owns the store.</summary>
internal static partial class LockQueue
{
    /// <summary>Tells the operator that this one waits.</summary>
    /// <param name="logger">Told.</param>
    /// <param name="database">Where the store is, without any password.</param>
    public static void Announce(ILogger logger, string database) => Log.WaitingForStore(logger, database);

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.WaitingForStore, LogLevel.Information,
            "Another process owns the order store {Database}; this one waits for its end.")]
        public static partial void WaitingForStore(ILogger logger, string database);
    }
}
