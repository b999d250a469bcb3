using System.Globalization;

namespace Doorbuster.Conformance;

/// <summary>
/// A scenario that a shopkeeper can read. Its first line states the terms, <c>at</c> lines begin a batch, and each row
/// is a claim with what it must be told:
/// <code>
/// quantity 2, limit 1, opens 12:00, now 12:01
/// buyer key units | outcome
/// anna  k1  1     | admitted
/// at 12:05
/// anna  k1  1     | same order
/// </code>
/// Rows told <c>stands</c> or <c>ended</c> are orders from before the first batch; a <c>#</c> begins a remark. The
/// quantity is what is left at first.
/// </summary>
public sealed record ClaimTable(TableTerms Terms, IReadOnlyList<ClaimRow> Before, IReadOnlyList<TimedBatch> Batches)
{
    private static readonly Dictionary<string, Outcome> Words = new(StringComparer.Ordinal)
    {
        ["no gate"] = Outcome.SaleUnknown,
        ["same order"] = Outcome.Replayed,
        ["key reused"] = Outcome.KeyReused,
        ["token over"] = Outcome.TokenExpired,
        ["stale"] = Outcome.StaleEpoch,
        ["not open"] = Outcome.NotOpen,
        ["paused"] = Outcome.Paused,
        ["closed"] = Outcome.Closed,
        ["busy"] = Outcome.Busy,
        ["limit"] = Outcome.BuyerLimit,
        ["sold out"] = Outcome.SoldOut,
        ["too few"] = Outcome.Insufficient,
        ["admitted"] = Outcome.Admitted,
    };

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">A line is none of those that a table has.</exception>
    public static ClaimTable Parse(string text)
    {
        var lines = text.Split('\n').Select(WithoutRemark).Where(line => line.Length > 0).ToArray();
        var terms = TableTerms.Parse(lines[0]);
        List<ClaimRow> before = [];
        List<(DateTimeOffset At, List<ClaimRow> Rows)> batches = [(terms.Now, [])];
        foreach (var line in lines.Skip(1).Where(line => !line.StartsWith("buyer ", StringComparison.Ordinal)))
        {
            if (line.StartsWith("at ", StringComparison.Ordinal))
            {
                batches.Add((TableTerms.Time(line[3..]), []));
                continue;
            }

            var row = ClaimRow.Parse(line);
            (row.Told is "stands" or "ended" ? before : batches[^1].Rows).Add(row);
        }

        var filled = batches.Where(batch => batch.Rows.Count > 0);
        return new ClaimTable(terms, before, [.. filled.Select(batch => new TimedBatch(batch.At, batch.Rows))]);
    }

    /// <summary>The shopkeeper's word for an outcome.</summary>
    public static string Word(Outcome? outcome) =>
        outcome is { } known ? Words.Single(word => word.Value == known).Key : "unknown";

    /// <summary>The outcome that a word stands for.</summary>
    public static Outcome OutcomeOf(string word) => Words[word];

    private static string WithoutRemark(string line) => line.Split('#')[0].Trim();
}

/// <summary>Claims that are decided together.</summary>
public sealed record TimedBatch(DateTimeOffset At, IReadOnlyList<ClaimRow> Rows);

/// <summary>One row of a <see cref="ClaimTable"/>.</summary>
public sealed record ClaimRow(string Buyer, string Key, int Units, string Told)
{
    /// <summary>Reads a row.</summary>
    public static ClaimRow Parse(string line) =>
        line.Split([' ', '|'], 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is
            [var buyer, var key, var units, var told]
        && int.TryParse(units, CultureInfo.InvariantCulture, out var number)
            ? new ClaimRow(buyer, key, number, told.TrimStart('|', ' '))
            : throw new FormatException($"'{line}' is no row: buyer key units | outcome.");

    /// <summary>The row as text, so that a failure reads as a table.</summary>
    public override string ToString() => $"{Buyer,-8} {Key,-4} {Units,3} | {Told}";
}
