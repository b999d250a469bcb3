using System.Globalization;
using System.Xml.Linq;
using Doorbuster.Comparison;
using Doorbuster.Comparison.Report;
using Xunit;

namespace Doorbuster.Server.Tests.Comparison;

/// <summary>Tables, picture and page of the comparison.</summary>
public sealed class ReportTests
{
    private static readonly SaleOutcome Exact = new(10, 10, 0, 0, 0, 3.2, 12.6, 1.25);
    private static readonly SaleOutcome Spoilt = new(10, 8, 1, 4, 0, 800, 2_345, null);

    [Fact]
    public void A_ratio_is_of_confirmed_orders_in_the_same_run()
    {
        var ratios = Ratio.Of(
        [
            Of("(1) conditional UPDATE", 1_000, Exact), Of("Doorbuster embedded", 25_000, Exact),
            Of("Doorbuster Redis", 9, Exact),
        ]);

        var ratio = Assert.Single(ratios);
        Assert.Equal((25.0, 20.0, true), (ratio.Value, ratio.AtLeast, ratio.IsMet));
        Assert.False((ratio with { Value = 19.9 }).IsMet);
    }

    [Fact]
    public void The_short_table_adds_up_what_went_wrong_in_all_sales()
    {
        var rows = Table.Short(
            [Of("Doorbuster embedded", 40_123, Exact), Of("(3) Redis DECR", 1_500, Spoilt)]).ToList();

        Assert.All(rows, row => Assert.Equal(9, row.Count(letter => letter == '|')));
        Assert.Equal("| **Doorbuster, one process with SQLite** | 1 | 40,123 | 13 ms | 1.3 s | 0 | 0 | 0 |", rows[2]);
        Assert.Equal(
            "| Redis DECR, RabbitMQ, a transaction a message | 2 | 1,500 | 2.3 s | never | 6 | 3 | 12 |", rows[3]);
    }

    [Fact]
    public void What_a_contender_can_do_at_most_is_the_median_of_its_floods()
    {
        var row = Table.Capacity([Of("Doorbuster embedded", 40_000, Exact)]).Last();

        Assert.Equal(
            "| **Doorbuster, one process with SQLite** | 50,000 | 60,000 | 40,000 | 80,000; 20,000; 40,000 |", row);
    }

    [Fact]
    public void A_picture_is_well_formed_and_its_bars_are_as_long_as_their_values()
    {
        var picture = XElement.Parse(Bars.Draw(
            "a & b", new Panel("<t>", "n", [new Bar("a", 10, "10", "ours"), new Bar("b \"c\"", 40, "40", "theirs")])));

        var lengths = picture.Descendants().Where(one => one.Name.LocalName == "rect")
            .Select(bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(4, lengths[1] / lengths[0], 2);
        Assert.Contains("prefers-color-scheme: dark", picture.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_says_which_sale_of_ours_was_not_exact()
    {
        var plan = ComparisonPlan.TryParse([])!;

        var ours = Of("Doorbuster embedded", 1, Exact);

        Assert.Contains("exactly what there was", Page.Write(plan, "Here.", [ours], ""), StringComparison.Ordinal);
        var page = Page.Write(plan, "Here.", [ours with { Killed = Spoilt }], "As before.");
        Assert.Contains("server killed: not exact", page, StringComparison.Ordinal);
        Assert.Contains("As before.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("exactly what there was", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100", "1")]
    [InlineData("100 60", "1 1")]
    [InlineData("59.9 100", "2 1")]
    [InlineData("38 0.9 21 18 0.7 0.4", "1 4 2 2 4 6")]
    public void Who_comes_close_to_the_one_before_shares_its_place(string figures, string places) => Assert.Equal(
        places,
        string.Join(' ', Ranking.Of(
            [.. figures.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))])));

    [Fact]
    public void A_run_says_whether_it_came_to_the_places_of_the_one_before()
    {
        var plan = ComparisonPlan.TryParse([])!;
        IReadOnlyList<Result> before = [Of("Doorbuster embedded", 40_000, Exact), Of("(3) Redis DECR", 900, Spoilt)];
        var page = Page.Write(plan, "Commit abc, 2026-01-01 10:00 UTC;\nhere.", before, "");

        Assert.Equal(
            "The run before this one (abc, 2026-01-01 10:00 UTC) came to the same places.",
            Ranking.Compare(page, Ranking.Of([before[0], Of("(3) Redis DECR", 1_500, Spoilt)])));
        Assert.EndsWith(
            "came to other places: Redis DECR, RabbitMQ, a transaction a message was 2 and is 1.",
            Ranking.Compare(page, Ranking.Of([before[0], Of("(3) Redis DECR", 30_000, Spoilt)])),
            StringComparison.Ordinal);
        Assert.Equal("", Ranking.Compare("# A page of no places", Ranking.Of(before)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("--short", true)]
    public void A_try_says_that_it_is_one(string arguments, bool says)
    {
        var plan = ComparisonPlan.TryParse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))!;

        var block = Block.Of(plan, [Of("Doorbuster embedded", 1, Exact)]);

        Assert.Equal(says, block.Contains("no measure", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("before\n<!-- written by eng/compare.sh -->\nold\n<!-- end -->\nafter", "new")]
    [InlineData("a page without marks", null)]
    public void Only_what_is_between_the_marks_is_replaced(string page, string? between)
    {
        var replaced = Block.Replace(page, Block.Of(["new"]));

        Assert.Equal(between is null ? page : page.Replace("old", between, StringComparison.Ordinal), replaced);
    }

    [Theory]
    [InlineData("docs", "")]
    [InlineData("artifacts/comparison", "--short")]
    [InlineData("artifacts/comparison", "--only redis")]
    [InlineData("/tmp/x", "--out /tmp/x --short")]
    [InlineData(null, "--only")]
    [InlineData(null, "--fast")]
    public void Only_a_whole_run_writes_the_documents(string? folder, string arguments) => Assert.Equal(
        folder,
        ComparisonPlan.TryParse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))?.Out);

    private static Result Of(string name, double ordersPerSecond, SaleOutcome outcome) => new(
        Contender.All.Single(one => one.Name == name),
        [new(40_000, ordersPerSecond * 2), new(50_000, ordersPerSecond / 2), new(60_000, ordersPerSecond)], 60_000,
        outcome, outcome, outcome);
}
