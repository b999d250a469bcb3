using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>The rules as tables: what a claim is told, by the one function that decides.</summary>
public sealed class DecisionTableTests
{
    public static TheoryData<string, string> OfEveryGate => ClaimTables.All;

    public static TheoryData<string, string> OfTheFunctionAlone => new()
    {
        {
            "A sale without a gate is unknown to everyone, the holder of an order too",
            """
            quantity 2, limit 1, no gate
            anna  k1  1     | stands
            buyer key units | outcome
            anna  k1  1     | no gate
            bert  k1  1     | no gate
            """
        },
        {
            "An expired token repeats an order and never makes one",
            """
            quantity 5, limit 2, tokens over
            anna  k1  2     | stands
            anna  k1  2     | same order
            anna  k1  1     | key reused
            bert  k1  1     | token over
            """
        },
        {
            "An order that ended keeps its key, whatever quantity is asked under it",
            """
            quantity 5, limit 1
            anna  k1  2     | ended
            anna  k1  2     | same order
            anna  k1  1     | same order
            anna  k2  1     | admitted
            """
        },
        {
            "An order that ended counts among the orders that are kept",
            """
            quantity 5, limit 5, orders kept 2
            anna  k1  1     | ended
            anna  k2  1     | stands
            anna  k3  1     | limit
            bert  k1  1     | admitted
            """
        },
        {
            "A standing order counts against its buyer's limit",
            """
            quantity 5, limit 2
            anna  k1  1     | stands
            anna  k2  2     | limit
            anna  k3  1     | admitted
            """
        },
        {
            "A holder above the limit, after the limit was lowered, gets no more",
            """
            quantity 5, limit 2
            anna  k1  4     | stands
            anna  k2  1     | limit
            anna  k1  4     | same order
            """
        },
        {
            "While the log is behind nothing is admitted, and orders are still found",
            """
            quantity 5, limit 1, log behind
            anna  k1  1     | stands
            anna  k1  1     | same order
            bert  k1  1     | busy
            """
        },
        {
            "Claims of another epoch are stale, unless their order stands",
            """
            quantity 5, limit 1, old epoch
            anna  k1  1     | stands
            anna  k1  1     | same order
            anna  k1  2     | key reused
            bert  k1  1     | stale
            """
        },
        {
            "A store judges neither opening nor closing nor pause, for the gate has",
            """
            quantity 2, limit 1, opens 13:00, closes 13:30, paused, store, now 12:00
            anna  k1  1     | admitted
            at 13:45
            anna  k1  1     | same order
            bert  k1  1     | admitted
            """
        },
        {
            "A store judges replay, epoch, limit and stock",
            """
            quantity 2, limit 2, store
            anna  k1  1     | stands
            anna  k1  1     | same order
            anna  k2  2     | limit
            bert  k1  3     | limit
            bert  k2  1     | admitted
            carl  k1  2     | too few
            carl  k2  1     | admitted
            dora  k1  1     | sold out
            """
        },
        {
            "A store refuses what an older gate admitted",
            """
            quantity 2, limit 1, store, old epoch
            anna  k1  1     | stale
            """
        },
        {
            "A sale that was sold beyond its stock elsewhere is sold out",
            """
            quantity -1, limit 1
            anna  k1  1     | sold out
            """
        },
    };

    [Theory]
    [MemberData(nameof(OfTheFunctionAlone))]
    [MemberData(nameof(OfEveryGate))]
    public void The_rules_tell_what_the_table_says(string scenario, string text)
    {
        var (terms, before, batches) = ClaimTable.Parse(text);
        var judgement = new TableJudgement(terms, before);

        foreach (var (at, rows) in batches)
        {
            var told = judgement.Decide(at, rows);
            Assert.True(rows.SequenceEqual(told), $"{scenario}, at {at:T}:\n{string.Join('\n', told)}");
        }
    }

    [Fact]
    public void Every_outcome_is_told_in_some_table()
    {
        var told = OfTheFunctionAlone.Concat(OfEveryGate)
            .SelectMany(row => ClaimTable.Parse(row.Data.Item2).Batches)
            .SelectMany(batch => batch.Rows)
            .Select(row => ClaimTable.OutcomeOf(row.Told));

        Assert.Equal(Enum.GetValues<Outcome>(), told.Distinct().Order());
    }

    [Theory]
    [InlineData("quantity 2, limit 1\nanna k1 1 | sold out")]
    [InlineData("quantity 1, limit 1\nanna k1 1 | admitted\nbert k1 1 | admitted")]
    public void A_table_that_is_wrong_is_seen(string text) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => The_rules_tell_what_the_table_says("wrong", text));
}
