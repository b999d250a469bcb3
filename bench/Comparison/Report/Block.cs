namespace Doorbuster.Comparison.Report;

/// <summary>A part of a page that is written by this program, between two marks; the rest is people's.</summary>
internal static class Block
{
    /// <summary>Where the part begins.</summary>
    public const string Begin = "<!-- written by eng/compare.sh -->";

    /// <summary>Where it ends.</summary>
    public const string End = "<!-- end -->";

    private const string Try = "This was the short form, which tries the harness: its figures are no measure.";

    /// <summary>What stands between the marks: the short table, and a word where it is only a try.</summary>
    public static string Of(ComparisonPlan plan, IReadOnlyList<Result> results) =>
        Of(plan.IsFull ? Table.Short(results) : [.. Table.Short(results), "", Try]);

    /// <summary>The lines between the marks.</summary>
    public static string Of(IEnumerable<string> lines) => $"{Begin}\n{string.Join('\n', lines)}\n{End}";

    /// <summary>A page with another part between its marks; the page itself where it has none.</summary>
    public static string Replace(string page, string block)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : page.IndexOf(End, begin, StringComparison.Ordinal);
        return end < 0 ? page : string.Concat(page.AsSpan(0, begin), block, page.AsSpan(end + End.Length));
    }
}
