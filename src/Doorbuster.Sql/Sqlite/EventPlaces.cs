namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Where a sale's transitions stand in the log that all sales share: marks that earlier looks have left, so that
/// whoever follows a sale does not read the log from its beginning each time.
/// </summary>
/// <remarks>Marks are only ever added, and each stays true, because the log is only ever appended to.</remarks>
internal sealed class EventPlaces
{
    /// <summary>Transitions between two marks: a look reads at most so many too many.</summary>
    private const long Distance = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, List<(long After, long Row)>> _marks = [];

    /// <summary>How far each sale was ever followed: who follows a quiet sale goes on from there.</summary>
    private readonly Dictionary<long, (long After, long Row)> _ends = [];

    /// <summary>A row of the log; everything of the sale after this transition stands there or behind it.</summary>
    public long Before(long saleNo, long after)
    {
        lock (_lock)
        {
            if (_ends.TryGetValue(saleNo, out var end) && end.After <= after)
            {
                return end.Row;
            }

            var marks = _marks.GetValueOrDefault(saleNo);
            var place = marks is null ? -1 : Place(marks, after);
            return place < 0 ? 0 : marks![place].Row;
        }
    }

    /// <summary>A look has ended here: everything after this transition stands at this row or behind it.</summary>
    public void Note(long saleNo, long after, long row)
    {
        lock (_lock)
        {
            if (_ends.GetValueOrDefault(saleNo).Row < row)
            {
                _ends[saleNo] = (after, row);
            }

            if (!_marks.TryGetValue(saleNo, out var marks))
            {
                _marks.Add(saleNo, marks = []);
            }

            var place = Place(marks, after);
            var isFar = place < 0 ? after >= Distance : after - marks[place].After >= Distance;
            if (isFar && (place + 1 == marks.Count || marks[place + 1].After - after >= Distance))
            {
                marks.Insert(place + 1, (after, row));
            }
        }
    }

    /// <summary>The last mark at or before a transition; -1 where there is none.</summary>
    private static int Place(List<(long After, long Row)> marks, long after)
    {
        var place = marks.BinarySearch((after, long.MaxValue));
        return (place < 0 ? ~place : place) - 1;
    }
}
