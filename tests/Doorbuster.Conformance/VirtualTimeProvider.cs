namespace Doorbuster.Conformance;

/// <summary>
/// A clock that moves only when it is told to. Its timestamps have an odd frequency, so that code which takes them for
/// ticks or milliseconds is wrong by a visible factor.
/// </summary>
public sealed class VirtualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;

    /// <summary>A clock that stands at this time.</summary>
    public VirtualTimeProvider(DateTimeOffset start)
    {
        _start = start;
        _now = start;
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => 3_579_545;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() =>
        (long)((Int128)(GetUtcNow() - _start).Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the time on, and runs on this thread what comes due on the way, each at its own moment.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (NextDue() is { } due && due <= end)
        {
            foreach (var callback in JumpToNextTimer())
            {
                callback();
            }
        }

        lock (_lock)
        {
            _now = end;
        }
    }

    /// <summary>Jumps to the next moment at which a timer is due; nothing is run.</summary>
    /// <returns>What is due then, in the order in which the timers were set; empty where none is set.</returns>
    public IReadOnlyList<Action> JumpToNextTimer()
    {
        lock (_lock)
        {
            if (NextDue() is not { } next)
            {
                return [];
            }

            _now = next > _now ? next : _now;
            var due = _timers.FindAll(timer => timer.Due <= _now);
            due.ForEach(timer => timer.Rearm(_now));
            _timers.RemoveAll(timer => timer.Due is null);
            return due.ConvertAll<Action>(timer => timer.Fire);
        }
    }

    private DateTimeOffset? NextDue()
    {
        lock (_lock)
        {
            return _timers.Min(timer => timer.Due);
        }
    }

    private sealed class VirtualTimer(VirtualTimeProvider clock, Action callback) : ITimer
    {
        private TimeSpan _period;
        private bool _disposed;

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                if (Due is not null)
                {
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void Rearm(DateTimeOffset now) =>
            Due = _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero ? null : now + _period;

        public void Fire()
        {
            // A timer that was disposed after it came due is silent: whoever disposed it no longer expects it.
            if (!_disposed)
            {
                callback();
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
