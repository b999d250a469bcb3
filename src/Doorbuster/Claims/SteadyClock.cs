namespace Doorbuster.Claims;

/// <summary>
/// The time by which windows are judged: the latest that anyone has read. Where a clock steps back, what has opened
/// stays open and what has closed stays closed, until the clock is past that moment again (F14).
/// </summary>
/// <param name="clock">The clock that may step back.</param>
public sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    private readonly LatestTime _latest = new();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _latest.AtLeast(clock.GetUtcNow());
}

/// <summary>The latest time that anyone has brought, of a clock that may step back.</summary>
internal sealed class LatestTime
{
    private long _ticks;

    /// <summary>The latest time, of which this may be one.</summary>
    public DateTimeOffset AtLeast(DateTimeOffset time)
    {
        var now = time.UtcTicks;
        for (var latest = Volatile.Read(ref _ticks); latest < now;)
        {
            var seen = Interlocked.CompareExchange(ref _ticks, now, latest);
            if (seen == latest)
            {
                return new DateTimeOffset(now, TimeSpan.Zero);
            }

            latest = seen;
        }

        return new DateTimeOffset(Volatile.Read(ref _ticks), TimeSpan.Zero);
    }
}
