using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// Waits at start for a server that does not answer yet: who starts a whole shop at once starts it in no order.
/// </summary>
internal static partial class FirstAnswer
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Opens a store, again and again while its server may yet come, and only for so long.</summary>
    /// <param name="options">Where it is, and how long to wait.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Told what is waited for.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The server refuses, or the time is over.</exception>
    public static async Task<T> WaitAsync<T>(
        PostgresOptions options, TimeProvider clock, ILogger logger, Func<Task<T>> open,
        CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return await open();
            }
            catch (StoreUnavailableException fault) when (MayYetCome(fault))
            {
                if (clock.GetElapsedTime(began) >= options.WaitAtStart)
                {
                    throw isFirst ? fault : new StoreUnavailableException(
                        $"{fault.Message} It was waited for, for {options.WaitAtStart} "
                        + "(Doorbuster:Postgres:WaitAtStart).",
                        fault);
                }

                if (isFirst)
                {
                    Log.WaitingForServer(logger, options.Place, options.WaitAtStart, fault.Message);
                }
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>No connection, or a server that is just starting; who is refused by name waits for nothing.</summary>
    private static bool MayYetCome(StoreUnavailableException fault) =>
        fault.InnerException is { } inner && PostgresFaults.IsTransient(inner)
        && !PostgresFaults.IsRefusedAtTheDoor(inner);

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.WaitingForServer, LogLevel.Warning,
            "PostgreSQL does not answer yet ({Place}), and is waited for, up to {Time}. {Reason}")]
        public static partial void WaitingForServer(ILogger logger, string place, TimeSpan time, string reason);
    }
}
