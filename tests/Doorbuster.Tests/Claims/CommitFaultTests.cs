using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>What buyers are told when the store's commit fails, or nobody knows whether it did.</summary>
public sealed class CommitFaultTests
{
    [Fact]
    public async Task Whoever_was_refused_because_of_a_grant_that_failed_is_told_busy()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 2, limit: 2));

        var answers = await TogetherAsync(shop, CommitFault.Failed, sale,
            ("anna", "k1", 2), ("anna", "k1", 2), ("anna", "k1", 1), ("anna", "k2", 1), ("bert", "k1", 1));

        Assert.All(answers, answer => Assert.Equal(ClaimAnswer.Busy, answer));
        await shop.LeavesAsync(sale, 2);
    }

    [Fact]
    public async Task A_failed_commit_of_the_last_unit_sets_no_sold_out_mark()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));

        await TogetherAsync(shop, CommitFault.Failed, sale, ("anna", "k1", 1), ("bert", "k1", 1));

        var carl = Samples.Claim(sale, "carl");
        Assert.False(shop.Listing(sale).Mark.Refuses(carl.Order.Key.Head, carl.Buyer));
        Assert.Equal(Outcome.Admitted, (await shop.ClaimAsync(sale, "carl")).Outcome);
        await shop.LeavesAsync(sale, 0);
    }

    [Fact]
    public async Task An_unknown_commit_that_stands_is_told_as_if_nothing_had_happened()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));

        var answers = await TogetherAsync(
            shop, CommitFault.UnknownAndDone, sale, ("anna", "k1", 1), ("anna", "k1", 1), ("bert", "k1", 1));

        Assert.Equal([Outcome.Admitted, Outcome.Replayed, Outcome.SoldOut], answers.Select(answer => answer.Outcome));
        Assert.Equal(answers[0].Order, answers[1].Order);
        await shop.LeavesAsync(sale, 0);
    }

    [Theory]
    [InlineData(CommitFault.UnknownAndDone, Outcome.Replayed, Outcome.SoldOut)]
    [InlineData(CommitFault.UnknownAndNotDone, Outcome.Admitted, Outcome.SoldOut)]
    public async Task Who_was_told_unknown_finds_out_under_the_same_key(
        CommitFault fault, Outcome anna, Outcome bert)
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));
        shop.Ledger.CanReadBack = false;
        var answers = await TogetherAsync(
            shop, fault, sale, ("anna", "k1", 1), ("anna", "k1", 1), ("bert", "k1", 1));

        Assert.Equal([ClaimAnswer.Unknown, ClaimAnswer.Unknown, ClaimAnswer.Busy], answers);
        Assert.Equal(ClaimAnswer.Unknown, await shop.ClaimAsync(sale, "anna", "k1"));
        Assert.Equal(ClaimAnswer.Busy, await shop.ClaimAsync(sale, "bert", "k1"));

        shop.Ledger.CanReadBack = true;
        Assert.Equal(anna, (await shop.ClaimAsync(sale, "anna", "k1")).Outcome);
        Assert.Equal(bert, (await shop.ClaimAsync(sale, "bert", "k1")).Outcome);
        await shop.LeavesAsync(sale, 0);
    }

    [Fact]
    public async Task An_order_that_may_stand_is_not_hidden_by_the_sold_out_mark()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));
        shop.Ledger.CanReadBack = false;
        await TogetherAsync(shop, CommitFault.UnknownAndDone, sale, ("anna", "k1", 1));
        shop.Ledger.CanReadBack = true;

        // Another buyer's claim brings the truth to light: nothing is left.
        Assert.Equal(Outcome.SoldOut, (await shop.ClaimAsync(sale, "bert")).Outcome);
        Assert.Equal(Outcome.Replayed, (await shop.ClaimAsync(sale, "anna", "k1")).Outcome);
    }

    [Fact]
    public async Task Another_owner_of_the_store_stops_the_selling()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 3));
        var lost = new List<SaleId>();
        shop.Gate.OwnershipLost += lost.Add;
        await shop.Store.TakeOverAsync(TestContext.Current.CancellationToken);

        var answers = await TogetherAsync(shop, CommitFault.None, sale, ("anna", "k1", 1), ("bert", "k1", 1));

        Assert.All(answers, answer => Assert.Equal(ClaimAnswer.Busy, answer));
        Assert.Equal(Outcome.SaleUnknown, (await shop.ClaimAsync(sale, "carl")).Outcome);
        Assert.Equal([sale.Id], lost);
        Assert.Empty(shop.Store.Contents(sale.Id).Orders);
    }

    /// <summary>Makes claims that are decided together in one batch, whose commit goes wrong.</summary>
    private static async Task<ClaimAnswer[]> TogetherAsync(
        Shop shop, CommitFault fault, Sale sale, params IReadOnlyList<(string Buyer, string Key, int Units)> claims)
    {
        // While another sale's commit is held, what arrives gathers in the lane.
        var plug = await shop.OpenAsync(Samples.Sale("plug"));
        var hold = shop.Ledger.Hold();
        var plugged = shop.ClaimAsync(plug, "anna");
        await hold.Arrived;
        var answers = claims.Select(claim => shop.ClaimAsync(sale, claim.Buyer, claim.Key, claim.Units)).ToArray();
        Assert.Equal(claims.Count, shop.Depth);

        shop.Ledger.Next(CommitFault.None);
        shop.Ledger.Next(fault);
        hold.Release();
        Assert.Equal(Outcome.Admitted, (await plugged).Outcome);
        return await Task.WhenAll(answers);
    }
}
