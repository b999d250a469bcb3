using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Doorbuster.Tests.Properties;

/// <summary>What holds of every decision, whatever the sale, the judge and the batch.</summary>
public sealed class DecisionProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_500);

    [Fact]
    public void It_tells_what_the_naive_rule_tells() =>
        Holds(Scenarios.Any, scenario => scenario.Decide().Outcomes.SequenceEqual(NaiveRule.Tell(scenario)));

    [Fact]
    public void The_same_question_gets_the_same_answer() =>
        Holds(Scenarios.Any, scenario => scenario.Decide().Outcomes.SequenceEqual(scenario.Decide().Outcomes));

    [Fact]
    public void It_never_grants_more_than_there_is() =>
        Holds(Scenarios.Any, scenario =>
        {
            var (outcomes, granted) = scenario.Decide();
            return granted == Admitted(scenario, outcomes).Sum(ask => (long)ask.Units)
                && granted <= Math.Max(0, scenario.Sale?.Available ?? 0);
        });

    [Fact]
    public void It_never_gives_a_buyer_more_than_the_limit() =>
        Holds(Scenarios.Any, scenario => Admitted(scenario, scenario.Decide().Outcomes)
            .GroupBy(ask => ask.Buyer)
            .All(mine =>
                mine.Sum(ask => (long)ask.Units) + Held(scenario, mine.Key) <= scenario.Sale!.Value.PerBuyerLimit));

    [Fact]
    public void It_grants_a_key_once() =>
        Holds(Scenarios.Any, scenario => Admitted(scenario, scenario.Decide().Outcomes)
            .Select(ask => (ask.Buyer, ask.Key))
            .Concat(scenario.Before.Select(order => (order.Buyer, order.Key)))
            .GroupBy(key => key)
            .All(same => same.Count() == 1));

    [Fact]
    public void A_batch_in_two_parts_is_told_what_the_whole_is() =>
        Holds(Scenarios.Any, scenario =>
        {
            var at = scenario.Asks.Sum(ask => ask.Units & 3) % (scenario.Asks.Count + 1);
            var (whole, granted) = scenario.Decide();
            var (parts, inParts) = scenario.Decide([[.. scenario.Asks.Take(at)], [.. scenario.Asks.Skip(at)]]);
            return whole.SequenceEqual(parts) && granted == inParts;
        });

    [Fact]
    public void A_batch_claim_by_claim_is_told_what_the_whole_is() =>
        Holds(Scenarios.Any, scenario =>
        {
            var (whole, granted) = scenario.Decide();
            var (parts, inParts) = scenario.Decide([.. scenario.Asks.Select(ask => (IReadOnlyList<Ask>)[ask])]);
            return whole.SequenceEqual(parts) && granted == inParts;
        });

    [Fact]
    public void Nobody_is_told_sold_out_while_a_unit_is_left() =>
        Holds(Scenarios.Selling, scenario =>
        {
            var (outcomes, granted) = scenario.Decide();
            var left = scenario.Sale!.Value.Available - granted;
            return outcomes.Zip(scenario.Asks).All(told => told.First switch
            {
                Outcome.SoldOut => left == 0,
                Outcome.Insufficient => told.Second.Units > left,
                _ => true,
            });
        });

    [Fact]
    public void The_scenarios_drawn_reach_every_outcome_often()
    {
        var told = Gen.Sample(Scenarios.Any.Generator, 12_000)
            .SelectMany(scenario => scenario.Decide().Outcomes)
            .CountBy(outcome => outcome)
            .ToDictionary();

        Assert.All(Enum.GetValues<Outcome>(), outcome => Assert.InRange(told[outcome], 50, int.MaxValue));
    }

    [Fact]
    public void A_property_that_does_not_hold_is_seen() =>
        Assert.ThrowsAny<Exception>(() => Holds(Scenarios.Any, scenario => scenario.Decide().Granted == 0));

    private static void Holds(Arbitrary<Scenario> scenarios, Func<Scenario, bool> property) =>
        Prop.ForAll(scenarios, property).Check(Thorough);

    private static IEnumerable<Ask> Admitted(Scenario scenario, IReadOnlyList<Outcome> outcomes) =>
        scenario.Asks.Where((_, i) => outcomes[i] == Outcome.Admitted);

    private static long Held(Scenario scenario, string buyer) =>
        scenario.Before.Where(order => order.Buyer == buyer && !order.Ended).Sum(order => (long)order.Units);
}
