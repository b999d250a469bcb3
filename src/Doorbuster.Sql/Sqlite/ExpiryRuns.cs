namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Which rows end when. It lives in memory and is read from the rows at every start: an index on disk by time would be
/// written twice a claim. The orders of a batch end together and stand in rows that follow each other, so they are one
/// entry, of 24 bytes.
/// </summary>
/// <remarks>
/// Entries are a heap by time: payment windows differ, and a clock that stepped back must not put what ends soon behind
/// what ends late (F14). The lock is held for one call. Tests: <c>ExpiryRunsTests</c>.
/// </remarks>
internal sealed class ExpiryRuns
{
    private readonly Lock _lock = new();

    /// <summary>How many rows follow each other, by when they end and where they begin.</summary>
    private readonly PriorityQueue<int, (long ExpiresAtMs, long FirstRow)> _runs = new();

    private readonly List<long> _due = [];

    /// <summary>The newest run, which the next row may extend.</summary>
    private Run _open;

    /// <summary>An order is reserved until a time.</summary>
    public void Add(long row, DateTimeOffset expiresAt) => Add(row, expiresAt.ToUnixTimeMilliseconds());

    /// <summary>An order is reserved until a time in Unix milliseconds.</summary>
    public void Add(long row, long expiresAtMs)
    {
        lock (_lock)
        {
            if (_open.Count > 0 && _open.ExpiresAtMs == expiresAtMs && _open.FirstRow + _open.Count == row)
            {
                _open = _open with { Count = _open.Count + 1 };
            }
            else
            {
                Close();
                _open = new Run(row, 1, expiresAtMs);
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
            Close();
            Take(now.ToUnixTimeMilliseconds(), limit);
            return [.. _due.Take(limit)];
        }
    }

    /// <summary>
    /// Rows that are due by a moment or were before, each with how many follow it, so many rows at most in all. They
    /// are in no order, and stay.
    /// </summary>
    public IReadOnlyList<(long FirstRow, int Count)> Until(DateTimeOffset moment, int most)
    {
        var untilMs = moment.ToUnixTimeMilliseconds();
        lock (_lock)
        {
            Close();
            var found = _due.Take(most).Select(row => (row, 1)).ToList();
            var left = most - found.Count;
            foreach (var (count, (expiresAtMs, firstRow)) in _runs.UnorderedItems)
            {
                if (left <= 0)
                {
                    break;
                }

                if (expiresAtMs <= untilMs)
                {
                    found.Add((firstRow, Math.Min(count, left)));
                    left -= count;
                }
            }

            return found;
        }
    }

    /// <summary>These rows have ended, or were paid: they are not due any more.</summary>
    public void Forget(IReadOnlySet<long> rows)
    {
        lock (_lock)
        {
            _due.RemoveAll(rows.Contains);
        }
    }

    private void Close()
    {
        if (_open.Count > 0)
        {
            _runs.Enqueue(_open.Count, (_open.ExpiresAtMs, _open.FirstRow));
            _open = default;
        }
    }

    private void Take(long nowMs, int limit)
    {
        while (_due.Count < limit && _runs.TryPeek(out var count, out var run) && run.ExpiresAtMs <= nowMs)
        {
            _runs.Dequeue();
            var taken = Math.Min(count, limit - _due.Count);
            for (var i = 0; i < taken; i++)
            {
                _due.Add(run.FirstRow + i);
            }

            if (taken < count)
            {
                _runs.Enqueue(count - taken, (run.ExpiresAtMs, run.FirstRow + taken));
            }
        }
    }

    private readonly record struct Run(long FirstRow, int Count, long ExpiresAtMs);
}
