using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>The crowd after the last unit: refused at the desk, and told what is true.</summary>
public sealed class SoldOutCrowdTests
{
    [Fact]
    public async Task It_costs_the_lane_nothing()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));
        await shop.ClaimAsync(sale, "anna");

        var refused = Enumerable.Range(0, 100).Select(i => shop.ClaimAsync(sale, $"stranger-{i}")).ToArray();

        Assert.All(refused, claim => Assert.True(claim.IsCompletedSuccessfully, "A stranger waited in the lane."));
        Assert.All(await Task.WhenAll(refused), answer => Assert.Equal(Outcome.SoldOut, answer.Outcome));
    }

    [Fact]
    public async Task Once_the_sale_is_over_it_is_told_that_first()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1) with { ClosesAt = Samples.Noon.AddHours(1) });
        await shop.ClaimAsync(sale, "anna");
        Assert.Equal(Outcome.SoldOut, (await shop.ClaimAsync(sale, "bert")).Outcome);

        shop.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(Outcome.Closed, (await shop.ClaimAsync(sale, "bert")).Outcome);
        Assert.Equal(Outcome.Replayed, (await shop.ClaimAsync(sale, "anna")).Outcome);
    }

    [Theory]
    [InlineData(SaleMode.Paused, Outcome.Paused)]
    [InlineData(SaleMode.Closed, Outcome.Closed)]
    public async Task An_operators_word_comes_before_sold_out(SaleMode mode, Outcome told)
    {
        var store = new InMemoryStore();
        var sale = Samples.Sale(quantity: 1) with { Mode = mode };
        await store.CreateAsync(sale, TestContext.Current.CancellationToken);
        await store.CommitAsync(
            [Samples.Admissions(sale, 1, 0, Samples.Order(sale, "anna"))], TestContext.Current.CancellationToken);
        await using var shop = new Shop(store);
        await shop.OpenAllAsync();

        Assert.Equal(told, (await shop.ClaimAsync(sale, "bert")).Outcome);
    }
}
