namespace Doorbuster.Compact;

/// <summary>A value that a <see cref="ChainedTable{T}"/> finds by its hash.</summary>
internal interface IChained
{
    /// <summary>Well spread in its low bits, and always the same for this value.</summary>
    uint Hash { get; }

    /// <summary>The table's own: the place after which the chain goes on, plus one; 0 at its end.</summary>
    int Link { get; set; }
}

/// <summary>
/// A hash table of values in the order in which they came, whatever their hashes are. It never doubles: each value that
/// is added brings one bucket with it, to which a part of one other's chain goes over (W. Litwin, "Linear Hashing",
/// 1980). So nobody waits for a table of a million to be built anew, and a value costs four bytes beside itself.
/// </summary>
internal sealed class ChainedTable<T>
    where T : unmanaged, IChained
{
    private readonly ChunkedList<T> _values = new();

    /// <summary>The first of each chain, plus one; 0 where there is none.</summary>
    private readonly ChunkedList<int> _buckets = new();

    /// <summary>The bits of a hash that name a bucket; one fewer where that bucket is not there yet.</summary>
    private int _mask;

    /// <summary>How many values there are.</summary>
    public int Count => _values.Count;

    /// <summary>The value at a place; the reference is good until the next value is added.</summary>
    public ref T this[int place] => ref _values[place];

    /// <summary>The first place of a hash's chain, which other hashes may share; -1 where it is empty.</summary>
    public int First(uint hash) => _buckets.Count == 0 ? -1 : BucketOf(hash) - 1;

    /// <summary>The next place of the same chain; -1 at its end.</summary>
    public int Next(int place) => _values[place].Link - 1;

    /// <summary>Adds a value after all others; whether it is there already is the caller's to know.</summary>
    /// <returns>Its place.</returns>
    public int Add(in T value)
    {
        var place = _values.Count;
        _values.Add(value);
        AddBucket();
        ref var bucket = ref BucketOf(value.Hash);
        _values[place].Link = bucket;
        bucket = place + 1;
        return place;
    }

    /// <summary>Takes the newest value away.</summary>
    public void RemoveLast()
    {
        var last = _values.Count;
        ref var bucket = ref BucketOf(_values[last - 1].Hash);
        if (bucket == last)
        {
            bucket = _values[last - 1].Link;
        }
        else
        {
            var before = bucket;
            while (_values[before - 1].Link != last)
            {
                before = _values[before - 1].Link;
            }

            _values[before - 1].Link = _values[last - 1].Link;
        }

        _values.RemoveLast();
    }

    /// <summary>Takes every value away, and keeps the room.</summary>
    public void Clear()
    {
        _values.Clear();
        _buckets.Clear();
        _mask = 0;
    }

    private ref int BucketOf(uint hash)
    {
        var bucket = (int)hash & _mask;
        return ref _buckets[bucket < _buckets.Count ? bucket : bucket & (_mask >> 1)];
    }

    private void AddBucket()
    {
        if (_buckets.Count >= _values.Count)
        {
            return;
        }

        var added = _buckets.Count;
        _buckets.Add(0);
        _mask |= added;
        if (added > 0)
        {
            Split(added & (_mask >> 1), added);
        }
    }

    private void Split(int from, int to)
    {
        ref var staying = ref _buckets[from];
        ref var going = ref _buckets[to];
        var link = staying;
        staying = 0;
        while (link != 0)
        {
            ref var value = ref _values[link - 1];
            ref var chain = ref ((int)value.Hash & _mask) == to ? ref going : ref staying;
            (value.Link, chain, link) = (chain, link, value.Link);
        }
    }
}
