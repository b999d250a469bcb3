namespace Doorbuster.Claims;

/// <summary>
/// The time by which windows are judged: the latest that anyone has read. Where a clock steps back, what has opened
/// stays open and what has closed stays closed, until the clock is past that moment again (F14).
/// </summary>
/// <param name="clock">The clock that may step back.</param>
public sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    private long _latestTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var now = clock.GetUtcNow().UtcTicks;
        for (var latest = Volatile.Read(ref _latestTicks); latest < now;)
        {
            var seen = Interlocked.CompareExchange(ref _latestTicks, now, latest);
            if (seen == latest)
            {
                return new DateTimeOffset(now, TimeSpan.Zero);
            }

            latest = seen;
        }

        return new DateTimeOffset(Volatile.Read(ref _latestTicks), TimeSpan.Zero);
    }
}
