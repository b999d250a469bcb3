using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>
/// What a claim is told when two things are true of it at once: the one that comes first in this list. Each line says
/// how the sale, or what was before, makes it true of Anna's claim <c>k1</c> for two units.
/// </summary>
public sealed class PrecedenceTests
{
    private const string List =
        """
        no gate    | sale:   no gate
        same order | before: anna k1 2 | stands
        key reused | before: anna k1 1 | stands
        token over | sale:   tokens over
        stale      | sale:   old epoch
        not open   | sale:   opens 12:30
        paused     | sale:   paused
        closed     | sale:   closes 12:00
        busy       | sale:   log behind
        limit      | before: anna k0 4 | stands
        sold out   | sale:   quantity 0
        too few    | sale:   quantity 1
        admitted   | sale:   quantity 9
        """;

    private static readonly (string Told, string Cause)[] Causes =
        [.. List.Split('\n').Select(line => line.Split('|', 2)).Select(part => (part[0].Trim(), part[1].Trim()))];

    /// <summary>Pairs that cannot both be true: the same words say one thing or the other.</summary>
    private static readonly HashSet<(string, string)> Exclusive =
    [
        ("same order", "key reused"), ("sold out", "too few"), ("sold out", "admitted"), ("too few", "admitted"),
    ];

    public static TheoryData<string, string> Pairs => new(
        from first in Enumerable.Range(0, Causes.Length)
        from second in Enumerable.Range(first + 1, Causes.Length - first - 1)
        let pair = (Causes[first].Told, Causes[second].Told)
        where !Exclusive.Contains(pair)
        select pair);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_first_that_applies_is_told(string first, string second)
    {
        Assert.Equal(first, Told(CauseOf(first), CauseOf(second)));
        Assert.Equal(first, Told(CauseOf(second), CauseOf(first)));
    }

    [Fact]
    public void Each_applies_alone() =>
        Assert.Equal(Causes.Select(cause => cause.Told), Causes.Select(cause => Told(cause.Cause)));

    [Fact]
    public void The_list_is_the_order_of_the_outcomes() =>
        Assert.Equal(Enum.GetValues<Outcome>(), Causes.Select(cause => ClaimTable.OutcomeOf(cause.Told)));

    [Fact]
    public void A_sale_that_is_closed_by_an_operator_before_it_opens_never_will() =>
        Assert.Equal("closed", Told("sale: opens 12:30", "sale: closed"));

    private static string Told(params IReadOnlyList<string> causes)
    {
        var terms = causes.Where(cause => cause.StartsWith("sale:", StringComparison.Ordinal)).Select(After);
        var before = causes.Where(cause => cause.StartsWith("before:", StringComparison.Ordinal)).Select(After);
        string[] lines = [string.Join(", ", ["limit 4", "now 12:01", .. terms]), .. before, "anna k1 2 | ?"];
        var table = ClaimTable.Parse(string.Join('\n', lines));
        return new TableJudgement(table.Terms, table.Before).Decide(table.Terms.Now, table.Batches[0].Rows)[0].Told;
    }

    private static string After(string cause) => cause[(cause.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();

    private static string CauseOf(string told) => Causes.Single(cause => cause.Told == told).Cause;
}
