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

    /// <summary>An order is reserved from one time to another.</summary>
    public void Add(long row, DateTimeOffset reservedAt, DateTimeOffset expiresAt)
    {
        var windowMs = (long)(expiresAt - reservedAt).TotalMilliseconds;
        var expiresAtMs = expiresAt.ToUnixTimeMilliseconds();
        lock (_lock)
        {
            if (!_byWindowMs.TryGetValue(windowMs, out var runs))
            {
                _byWindowMs.Add(windowMs, runs = []);
            }

            if (runs.Last is { } last && last.Value.ExpiresAtMs == expiresAtMs && last.Value.NextRow == row)
            {
                last.Value = last.Value with { Count = last.Value.Count + 1 };
            }
            else
            {
                runs.AddLast(new Run(row, 1, expiresAtMs));
            }
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
