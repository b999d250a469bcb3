namespace Doorbuster.Simulation.Scheduling;

/// <summary>Alarms by their moment, those of one moment in the order in which they were set: a binary heap.</summary>
/// <remarks>
/// Moments and alarms lie apart, so that comparing reads no reference and moving one writes one; each alarm lies in a
/// structure, for an array of a class that others derive from asks at every write whether what it is given fits.
/// </remarks>
internal sealed class AlarmQueue
{
    private Moment[] _moments = new Moment[256];
    private Slot[] _alarms = new Slot[256];
    private long _next;

    public int Count { get; private set; }

    /// <summary>The moment of the first alarm; there must be one.</summary>
    public long FirstDue => _moments[0].Due;

    public void Add(Alarm alarm, long due)
    {
        if (Count == _moments.Length)
        {
            Array.Resize(ref _moments, 2 * Count);
            Array.Resize(ref _alarms, 2 * Count);
        }

        var moment = new Moment(due, _next++, alarm.Setting);
        var place = Count++;
        while (place > 0 && moment.IsBefore(_moments[(place - 1) / 2]))
        {
            Move((place - 1) / 2, place);
            place = (place - 1) / 2;
        }

        _moments[place] = moment;
        _alarms[place] = new Slot(alarm);
    }

    /// <summary>Takes the first alarm out; null where it was set anew since, or put out.</summary>
    public Alarm? Take()
    {
        var (alarm, setting) = (_alarms[0].Alarm, _moments[0].Setting);
        Count--;
        if (Count > 0)
        {
            Sink();
        }

        _alarms[Count] = default;
        return alarm.Setting == setting ? alarm : null;
    }

    /// <summary>Finds the place of what was last, from the top on.</summary>
    private void Sink()
    {
        var last = _moments[Count];
        var place = 0;
        while (2 * place + 1 < Count)
        {
            var child = 2 * place + 1;
            if (child + 1 < Count && _moments[child + 1].IsBefore(_moments[child]))
            {
                child++;
            }

            if (!_moments[child].IsBefore(last))
            {
                break;
            }

            Move(child, place);
            place = child;
        }

        Move(Count, place);
    }

    private void Move(int from, int to)
    {
        _moments[to] = _moments[from];
        _alarms[to] = _alarms[from];
    }

    private readonly record struct Slot(Alarm Alarm);

    private readonly record struct Moment(long Due, long No, int Setting)
    {
        public bool IsBefore(in Moment other) => Due < other.Due || (Due == other.Due && No < other.No);
    }
}
