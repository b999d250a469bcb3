using System.Globalization;

namespace Doorbuster.Comparison.Report;

/// <summary>
/// Places by confirmed orders a second. Two runs on one machine differ by more than neighbours do, so those that lie
/// close together share a place: what a run cannot tell apart it does not rank.
/// </summary>
internal static class Ranking
{
    /// <summary>Who reaches this part of the one before shares its place.</summary>
    public const double Close = 0.6;

    /// <summary>How the places are meant, for who reads them.</summary>
    public static string Meaning { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Places are by confirmed orders a second. Who reaches {Close * 100:0}% of the one before shares its place: a
        shared machine moves by that much from one run to the next.
        """);

    /// <summary>The place of each figure, from 1 on; after a place that two share the next one is left out.</summary>
    public static IReadOnlyList<int> Of(IReadOnlyList<double> figures)
    {
        var places = new int[figures.Count];
        var (place, before) = (1, double.NaN);
        foreach (var (i, rank) in figures.Select((figure, i) => (figure, i)).OrderByDescending(one => one.figure)
                     .Select((one, rank) => (one.i, rank)))
        {
            if (figures[i] < before * Close)
            {
                place = rank + 1;
            }

            (places[i], before) = (place, figures[i]);
        }

        return places;
    }

    /// <summary>The place of each contender, by its name in the table.</summary>
    public static IReadOnlyDictionary<string, int> Of(IReadOnlyList<Result> results) =>
        results.Zip(Of([.. results.Select(one => one.AtMost.Orders)]))
            .ToDictionary(one => one.First.Contender.Title, one => one.Second);

    /// <summary>Says whether a run came to the places of an earlier one.</summary>
    /// <param name="page">The page that the earlier run wrote; it may be of a form that has no places.</param>
    /// <param name="places">The places of this run.</param>
    /// <returns>A sentence; empty where the page has no places.</returns>
    public static string Compare(string page, IReadOnlyDictionary<string, int> places)
    {
        var earlier = Read(page);
        if (earlier.Count == 0)
        {
            return "";
        }

        var moved = places
            .Where(one => earlier.TryGetValue(one.Key, out var place) && place != one.Value)
            .Select(one => $"{one.Key} was {earlier[one.Key]} and is {one.Value}")
            .ToList();
        var when = page.Split('\n').FirstOrDefault(line => line.StartsWith("Commit ", StringComparison.Ordinal));
        var run = $"The run before this one ({when?.TrimEnd(';').Replace("Commit ", "", StringComparison.Ordinal)})";
        return moved.Count == 0
            ? $"{run} came to the same places."
            : $"{run} came to other places: {string.Join("; ", moved)}.";
    }

    /// <summary>The places that a page shows, by name.</summary>
    private static Dictionary<string, int> Read(string page)
    {
        var rows = page.Split('\n')
            .SkipWhile(line => line != Block.Begin).TakeWhile(line => line != Block.End)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries));
        var places = new Dictionary<string, int>();
        foreach (var cells in rows.Where(cells => cells.Length > 3))
        {
            if (int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out var place))
            {
                places[cells[1].Trim('*')] = place;
            }
        }

        return places;
    }
}
