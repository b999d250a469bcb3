namespace Doorbuster.Simulation.Scheduling;

/// <summary>Alarms by their moment, those of one moment in the order in which they were set: a binary heap.</summary>
internal sealed class AlarmQueue
{
    private Entry[] _entries = new Entry[256];
    private long _next;

    public int Count { get; private set; }

    /// <summary>The moment of the first alarm; there must be one.</summary>
    public long FirstDue => _entries[0].Due;

    public void Add(Alarm alarm, long due)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * Count);
        }

        var entry = new Entry(due, _next++, alarm, alarm.Setting);
        var place = Count++;
        while (place > 0 && entry.IsBefore(_entries[(place - 1) / 2]))
        {
            _entries[place] = _entries[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _entries[place] = entry;
    }

    /// <summary>Takes the first alarm out; null where it was set anew since, or put out.</summary>
    public Alarm? Take()
    {
        var first = _entries[0];
        var last = _entries[--Count];
        _entries[Count] = default;
        if (Count > 0)
        {
            Sink(last);
        }

        return first.Alarm.Setting == first.Setting ? first.Alarm : null;
    }

    private void Sink(in Entry last)
    {
        var place = 0;
        while (2 * place + 1 < Count)
        {
            var child = 2 * place + 1;
            if (child + 1 < Count && _entries[child + 1].IsBefore(_entries[child]))
            {
                child++;
            }

            if (!_entries[child].IsBefore(last))
            {
                break;
            }

            _entries[place] = _entries[child];
            place = child;
        }

        _entries[place] = last;
    }

    private readonly record struct Entry(long Due, long No, Alarm Alarm, int Setting)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && No < other.No);
    }
}
