namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Which rows end when. It lives in memory and is read from the rows at every start: an index on disk by time would be
/// written twice a claim. The orders of a batch end together and stand in rows that follow each other, so they are one
/// entry.
/// </summary>
/// <remarks>
/// Sales with one payment window share a queue, in which times only grow; where the clock stepped back, orders behind
/// the step wait for those before them. The lock is held for one call.
/// </remarks>
internal sealed class ExpiryRuns
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, LinkedList<Run>> _byWindowMs = [];
    private readonly List<long> _due = [];

    /// <summary>Where the last order went. The next nearly always follows it there, and nowhere else.</summary>
    private LinkedListNode<Run>? _newest;
    private long _newestWindowMs;

    /// <summary>An order is reserved from one time to another.</summary>
    public void Add(long row, DateTimeOffset reservedAt, DateTimeOffset expiresAt) =>
        Add(row, reservedAt.ToUnixTimeMilliseconds(), expiresAt.ToUnixTimeMilliseconds());

    /// <summary>An order is reserved from one time to another, both in Unix milliseconds.</summary>
    public void Add(long row, long reservedAtMs, long expiresAtMs)
    {
        var windowMs = expiresAtMs - reservedAtMs;
        lock (_lock)
        {
            if (_newest is { List: not null, Value: var run }
                && windowMs == _newestWindowMs && expiresAtMs == run.ExpiresAtMs && row == run.NextRow)
            {
                _newest.Value = run with { Count = run.Count + 1 };
                return;
            }

            if (!_byWindowMs.TryGetValue(windowMs, out var runs))
            {
                _byWindowMs.Add(windowMs, runs = []);
            }

            _newest = runs.AddLast(new Run(row, 1, expiresAtMs));
            _newestWindowMs = windowMs;
        }
    }

    /// <summary>
    /// Rows that are due by now, so many at most. They come again, in the same order, until they are forgotten.
    /// </summary>
    public IReadOnlyList<long> Due(DateTimeOffset now, int limit)
    {
        lock (_lock)
        {
            foreach (var (_, runs) in _byWindowMs)
            {
                Take(runs, now.ToUnixTimeMilliseconds(), limit);
            }

            return [.. _due.Take(limit)];
        }
    }

    /// <summary>These rows have ended, or were paid: they are not due any more.</summary>
    public void Forget(IReadOnlySet<long> rows)
    {
        lock (_lock)
        {
            _due.RemoveAll(rows.Contains);
            foreach (var (window, _) in _byWindowMs.Where(entry => entry.Value.Count == 0).ToArray())
            {
                _byWindowMs.Remove(window);
            }
        }
    }

    private void Take(LinkedList<Run> runs, long nowMs, int limit)
    {
        while (_due.Count < limit && runs.First is { } first && first.Value.ExpiresAtMs <= nowMs)
        {
            var run = first.Value;
            var taken = Math.Min(run.Count, limit - _due.Count);
            for (var i = 0; i < taken; i++)
            {
                _due.Add(run.FirstRow + i);
            }

            if (taken == run.Count)
            {
                runs.RemoveFirst();
            }
            else
            {
                first.Value = run with { FirstRow = run.FirstRow + taken, Count = run.Count - taken };
            }
        }
    }

    private readonly record struct Run(long FirstRow, int Count, long ExpiresAtMs)
    {
        public long NextRow => FirstRow + Count;
    }
}
