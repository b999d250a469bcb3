namespace Doorbuster.Comparison.Report;

/// <summary>The comparison as bars.</summary>
internal static class Picture
{
    /// <summary>Orders that were confirmed, and what went wrong.</summary>
    public static string Of(ComparisonPlan plan, IReadOnlyList<Result> results) => Bars.Draw(
        "Confirmed orders a second, and what went wrong in the sales, of each way to sell",
        new Panel(
            "Confirmed orders a second",
            "Committed to disk, at most; longer is better",
            [.. results.Select(one => new Bar(
                one.Contender.Name,
                one.AtMost.Orders,
                Table.Number(one.AtMost.Orders),
                one.Contender.IsOurs ? "ours" : "theirs"))]),
        new Panel(
            "What went wrong",
            $"Units lost or sold twice, orders above the limit, buyers told yes in vain: all sales of {plan.Units:#,0} "
            + "units, kills included",
            [.. results.Select(one => new Bar(
                one.Contender.Name, Wrong(one), Table.Number(Wrong(one)), "wrong"))]));

    private static long Wrong(Result result) => result.Sales.Sum(sale =>
        sale.Outcome.Oversold + sale.Outcome.Undersold + sale.Outcome.AboveLimit + sale.Outcome.InVain);
}
