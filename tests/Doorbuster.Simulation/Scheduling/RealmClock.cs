namespace Doorbuster.Simulation.Scheduling;

/// <summary>
/// The clock of a realm. Its timers follow the world's time, which never steps; what it says the time is can jump, as a
/// server's does. Its timestamps have an odd frequency, so that whoever takes them for ticks is wrong by a factor.
/// </summary>
internal sealed class RealmClock(Agenda agenda, Realm realm, Func<long> skew) : TimeProvider
{
    /// <summary>When every world begins.</summary>
    public static readonly DateTimeOffset Start = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => 3_579_545;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start.AddTicks(agenda.Now + skew());

    /// <inheritdoc/>
    public override long GetTimestamp() =>
        (long)((Int128)agenda.Now * TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(agenda, realm, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Agenda agenda, Realm realm, TimerCallback callback, object? state)
        : Alarm(realm), ITimer
    {
        private TimeSpan _period;
        private bool _isSet;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _isSet = dueTime != Timeout.InfiniteTimeSpan;
            if (_isSet)
            {
                agenda.Set(this, dueTime.Ticks);
            }

            return true;
        }

        public override void Ring()
        {
            // A timer that was disposed of after it came due is silent.
            if (!_isSet)
            {
                return;
            }

            _isSet = _period > TimeSpan.Zero;
            if (_isSet)
            {
                agenda.Set(this, _period.Ticks);
            }

            callback(state);
        }

        public void Dispose()
        {
            _isSet = false;
            Setting++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
