using Doorbuster.Comparison;
using Doorbuster.Comparison.Load;
using Doorbuster.Comparison.Shops;
using Xunit;

namespace Doorbuster.Server.Tests.Comparison;

/// <summary>What buyers were told, held against what a store has.</summary>
public sealed class SaleJudgeTests
{
    private static readonly DateTimeOffset Doors = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_sale_of_exactly_what_there_was_is_exact()
    {
        var outcome = SaleJudge.Decide(
            2, [Told("a", 201, 0, 10), Told("b", 202, 5, 10)], [Order("a", 9), Order("b", 30)]);

        Assert.True(outcome.IsExact);
        Assert.Equal(0.03, outcome.SellOutSeconds!.Value, 6);
    }

    [Theory]
    [InlineData(1, "a b", 1, 0, 0)]
    [InlineData(3, "a b", 0, 1, 0)]
    [InlineData(2, "a a", 0, 0, 1)]
    [InlineData(3, "a a a", 0, 0, 2)]
    public void Orders_are_counted_against_units_and_limit(
        int units, string buyers, long oversold, long undersold, long aboveLimit)
    {
        var names = buyers.Split(' ');

        var outcome = SaleJudge.Decide(
            units, [.. names.Select(buyer => Told(buyer, 201, 0, 1))], [.. names.Select(buyer => Order(buyer, 1))]);

        Assert.Equal(
            (oversold, undersold, aboveLimit), (outcome.Oversold, outcome.Undersold, outcome.AboveLimit));
        Assert.False(outcome.IsExact);
        Assert.Equal(undersold == 0, outcome.SellOutSeconds is not null);
    }

    [Fact]
    public void Who_was_told_yes_and_has_nothing_was_told_in_vain()
    {
        var outcome = SaleJudge.Decide(
            1, [Told("a", 201, 0, 1), Told("b", 202, 0, 1), Told("b", 409, 0, 2)], [Order("a", 1)]);

        Assert.Equal((1, 0), (outcome.InVain, outcome.ToldOtherwise));
        Assert.False(outcome.IsExact);
    }

    [Fact]
    public void Who_can_read_that_the_claim_was_lost_was_not_told_in_vain()
    {
        var rejected = new StoredOrder("b", 0, Doors);

        var outcome = SaleJudge.Decide(1, [Told("a", 201, 0, 1), Told("b", 202, 0, 1)], [Order("a", 1), rejected]);

        Assert.Equal((0, 1), (outcome.InVain, outcome.ToldOtherwise));
        Assert.True(outcome.IsExact);
    }

    [Fact]
    public void Refusals_and_silence_are_no_promise()
    {
        var outcome = SaleJudge.Decide(
            1, [Told("a", 201, 0, 1), Told("b", 409, 0, 1), Told("c", 0, 0, 0), Told("d", 503, 0, 1)], [Order("a", 1)]);

        Assert.Equal(0, outcome.InVain);
    }

    [Fact]
    public void A_wait_ends_with_the_answer_that_has_the_order_or_with_its_commit()
    {
        // Told at once, and committed long before or after: the answer counts. Told that it will come: the commit does.
        var told = SaleJudge.Decide(1, [Told("a", 201, 100, 160)], [Order("a", 500)]);
        var queued = SaleJudge.Decide(1, [Told("a", 202, 100, 101)], [Order("a", 500)]);

        Assert.Equal((60, 60), (told.P50Ms, told.P99Ms));
        Assert.Equal((400, 400), (queued.P50Ms, queued.P99Ms));
    }

    [Fact]
    public void Percentiles_are_of_orders_by_nearest_rank()
    {
        var clicks = Enumerable.Range(1, 200).Select(i => Told($"b{i}", 201, 0, i)).ToList();
        var refused = Enumerable.Range(1, 200).Select(i => Told($"r{i}", 409, 0, 9_000));

        var outcome = SaleJudge.Decide(
            200, [.. clicks, .. refused], [.. clicks.Select(click => Order(click.Buyer, 1))]);

        Assert.Equal((100, 198), (outcome.P50Ms, outcome.P99Ms));
    }

    private static Click Told(string buyer, int status, int dueAtMs, int answeredAtMs) =>
        new(buyer, Doors.AddMilliseconds(dueAtMs), Doors.AddMilliseconds(answeredAtMs), status);

    private static StoredOrder Order(string buyer, int committedAtMs) =>
        new(buyer, 1, Doors.AddMilliseconds(committedAtMs));
}
