namespace Doorbuster.Simulation.Scheduling;

/// <summary>
/// Owns every continuation of a world. What can run next is drawn from the seed; when nothing can, time jumps to the
/// next alarm. So one seed is one history, on one thread.
/// </summary>
/// <remarks>
/// Invariant: nothing but <see cref="Run"/> runs a continuation, and nothing is posted from another thread; such a
/// continuation has left the schedule already, and fails the run. Tests: <c>AgendaTests</c>, <c>ReproductionTests</c>.
/// </remarks>
internal sealed class Agenda(Draw draw)
{
    private static readonly SendOrPostCallback RingAlarm = static alarm => ((Alarm)alarm!).Ring();

    private readonly AlarmQueue _alarms = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private Entry[] _ready = new Entry[256];
    private int _count;
    private volatile bool _hasEscaped;

    /// <summary>Time since the world began, in ticks of 100 ns; it never steps.</summary>
    public long Now { get; private set; }

    /// <summary>Continuations run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Has something run, at this moment, in an order that is drawn.</summary>
    public void Post(Realm realm, SendOrPostCallback work, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _hasEscaped = true;
            return;
        }

        if (realm.IsOver)
        {
            return;
        }

        if (_count == _ready.Length)
        {
            Array.Resize(ref _ready, 2 * _count);
        }

        _ready[_count++] = new Entry(realm, work, state);
    }

    /// <summary>Sets an alarm so many ticks ahead; what it was set to before is forgotten.</summary>
    public void Set(Alarm alarm, long ticks)
    {
        alarm.Setting++;
        _alarms.Add(alarm, Now + Math.Max(0, ticks));
    }

    /// <summary>Waits in a realm for so many ticks.</summary>
    public Wait WaitAsync(Realm realm, long ticks)
    {
        var wait = new Wait(realm);
        Set(wait, ticks);
        return wait;
    }

    /// <summary>Waits in a realm for some of these milliseconds.</summary>
    public Wait WaitAsync(Realm realm, double milliseconds) =>
        WaitAsync(realm, (long)(milliseconds * TimeSpan.TicksPerMillisecond));

    /// <summary>Runs step after step, and looks after each whether that was the last.</summary>
    /// <param name="isOver">Asked after each step.</param>
    /// <exception cref="LawBrokenException">Nothing can run any more, or work has left this thread.</exception>
    public void Run(Func<bool> isOver)
    {
        var outside = SynchronizationContext.Current;
        try
        {
            do
            {
                Step();
            }
            while (!isOver());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    private void Step()
    {
        while (_count == 0)
        {
            Jump();
        }

        var place = _count == 1 ? 0 : draw.Next(_count);
        var next = _ready[place];
        _ready[place] = _ready[--_count];
        _ready[_count] = default;
        if (next.Realm.IsOver)
        {
            return;
        }

        Steps++;
        SynchronizationContext.SetSynchronizationContext(next.Realm);
        next.Work(next.State);
        if (_hasEscaped)
        {
            throw new LawBrokenException("one seed is one history", "Work has left the thread of its world.");
        }
    }

    private void Jump()
    {
        if (_alarms.Count == 0)
        {
            throw new LawBrokenException("all must come to rest", "Nothing can run: something waits for ever.");
        }

        var due = _alarms.FirstDue;
        Now = Math.Max(Now, due);
        while (_alarms.Count > 0 && _alarms.FirstDue == due)
        {
            if (_alarms.Take() is { } alarm)
            {
                alarm.Realm.Post(RingAlarm, alarm);
            }
        }
    }

    private readonly record struct Entry(Realm Realm, SendOrPostCallback Work, object? State);
}
