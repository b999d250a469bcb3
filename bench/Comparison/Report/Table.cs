using System.Globalization;

namespace Doorbuster.Comparison.Report;

/// <summary>The tables, in Markdown.</summary>
internal static class Table
{
    /// <summary>The few columns that a front page has room for.</summary>
    public static IEnumerable<string> Short(IReadOnlyList<Result> results) =>
    [
        "| way to sell | place | confirmed orders/s | click to order, p99 | sold out after | units lost or sold "
            + "twice, with kills | orders above the limit | told yes in vain |",
        "|---|---|---|---|---|---|---|---|",
        .. results.Zip(Ranking.Of([.. results.Select(one => one.AtMost.Orders)]), (one, place) =>
            $"| {Title(one)} | {place} | {Number(one.AtMost.Orders)} | {Time(one.Calm.P99Ms)} | "
            + $"{SoldOut(one.Calm)} | "
            + $"{Number(one.Sales.Sum(sale => sale.Outcome.Undersold + sale.Outcome.Oversold))} | "
            + $"{Number(one.Sales.Sum(sale => sale.Outcome.AboveLimit))} | "
            + $"{Number(one.Sales.Sum(sale => sale.Outcome.InVain))} |"),
    ];

    /// <summary>What each can do at most.</summary>
    public static IEnumerable<string> Capacity(IReadOnlyList<Result> results) =>
    [
        "| way to sell | claims told yes/s, while stock lasts | refusals/s, after | confirmed orders/s | "
            + "in each flood |",
        "|---|---|---|---|---|",
        .. results.Select(one =>
            $"| {Title(one)} | {Number(one.AtMost.Claims)} | {Number(one.RefusalsPerSecond)} | "
            + $"{Number(one.AtMost.Orders)} | {string.Join("; ", one.Floods.Select(flood => Number(flood.Orders)))} |"),
    ];

    /// <summary>One of the sales of all who have it.</summary>
    public static IEnumerable<string> Sale(IReadOnlyList<Result> results, Func<Result, SaleOutcome?> sale) =>
    [
        "| way to sell | p50 | p99 | sold out after | oversold | undersold | above the limit | told yes in vain | told "
            + "yes, then that it was lost |",
        "|---|---|---|---|---|---|---|---|---|",
        .. from one in results
           let outcome = sale(one)
           where outcome is not null
           select $"| {Title(one)} | {Time(outcome.P50Ms)} | {Time(outcome.P99Ms)} | {SoldOut(outcome)} | "
               + $"{Number(outcome.Oversold)} | {Number(outcome.Undersold)} | {Number(outcome.AboveLimit)} | "
               + $"{Number(outcome.InVain)} | {Number(outcome.ToldOtherwise)} |",
    ];

    /// <summary>Confirmed orders a second as ratios within the run.</summary>
    public static IEnumerable<string> Ratios(IReadOnlyList<Ratio> ratios) =>
    [
        "| confirmed orders a second | asked | measured | met |",
        "|---|---|---|---|",
        .. ratios.Select(ratio => string.Create(
            CultureInfo.InvariantCulture,
            $"| {ratio.Ours} ÷ {ratio.Theirs} | at least {ratio.AtLeast:0} | {ratio.Value:0.0} | "
            + $"{Met(ratio.IsMet)} |")),
    ];

    /// <summary>A whole number with its thousands apart.</summary>
    public static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A time that is given in milliseconds, in the unit that suits it.</summary>
    public static string Time(double milliseconds) => milliseconds switch
    {
        0 => "none",
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms"),
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.0} s"),
    };

    private static string SoldOut(SaleOutcome outcome) =>
        outcome.SellOutSeconds is { } seconds ? Time(seconds * 1_000) : "never";

    private static string Title(Result result) =>
        result.Contender.IsOurs ? $"**{result.Contender.Title}**" : result.Contender.Title;

    private static string Met(bool isMet) => isMet ? "yes" : "**no**";
}
