using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>Many callers at the same moment, on real threads.</summary>
public sealed class SimultaneousClaimTests
{
    [Fact]
    public async Task A_hundred_claims_under_one_key_are_one_order()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1_000, limit: 1_000));
        for (var round = 0; round < 20; round++)
        {
            var buyer = $"buyer-{round}";
            var answers = await Shop.AtOnceAsync(Enumerable.Repeat(() => shop.ClaimAsync(sale, buyer), 100));

            Assert.Single(answers, answer => answer.Outcome == Outcome.Admitted);
            Assert.Equal(99, answers.Count(answer => answer.Outcome == Outcome.Replayed));
            Assert.Single(answers.Select(answer => answer.Order).Distinct());
        }

        await shop.LeavesAsync(sale, 980);
    }

    [Fact]
    public async Task A_hundred_claims_under_one_key_for_different_quantities_are_one_order()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1_000, limit: 1_000));

        var answers = await Shop.AtOnceAsync(Enumerable.Range(0, 100).Select(
            i => (Func<Task<ClaimAnswer>>)(() => shop.ClaimAsync(sale, "anna", "k", 1 + (i % 4)))));

        var admitted = Assert.Single(answers, answer => answer.Outcome == Outcome.Admitted);
        Assert.Equal(24, answers.Count(answer => answer.Outcome == Outcome.Replayed));
        Assert.Equal(75, answers.Count(answer => answer.Outcome == Outcome.KeyReused));
        Assert.All(answers, answer => Assert.Equal(admitted.Order, answer.Order));
        await shop.LeavesAsync(sale, 1_000 - admitted.Order!.Quantity);
    }

    [Fact]
    public async Task Two_keys_of_one_buyer_at_once_are_one_order_where_the_limit_is_one()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1_000));
        for (var round = 0; round < 100; round++)
        {
            var buyer = $"buyer-{round}";
            var answers = await Shop.AtOnceAsync(
                [() => shop.ClaimAsync(sale, buyer, "k1"), () => shop.ClaimAsync(sale, buyer, "k2")]);

            Assert.Single(answers, answer => answer.Outcome == Outcome.Admitted);
            Assert.Single(answers, answer => answer.Outcome == Outcome.BuyerLimit);
        }

        await shop.LeavesAsync(sale, 900);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(999)]
    public async Task Exactly_what_there_is_is_sold_not_one_more_and_not_one_less(int quantity)
    {
        await using var shop = new Shop(limits: new Limits { BatchSize = 64 });
        var sale = await shop.OpenAsync(Samples.Sale(quantity: quantity));

        var answers = await Shop.AtOnceAsync(Enumerable.Range(0, (2 * quantity) + 100).Select(
            i => (Func<Task<ClaimAnswer>>)(() => shop.ClaimAsync(sale, $"buyer-{i}"))));

        Assert.Equal(quantity, answers.Count(answer => answer.Outcome == Outcome.Admitted));
        Assert.Equal(quantity + 100, answers.Count(answer => answer.Outcome == Outcome.SoldOut));
        await shop.LeavesAsync(sale, 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(999)]
    public async Task Orders_of_several_units_leave_no_unit_unsold(int quantity)
    {
        await using var shop = new Shop(limits: new Limits { BatchSize = 64 });
        var sale = await shop.OpenAsync(Samples.Sale(quantity: quantity, limit: 5));

        var answers = await Shop.AtOnceAsync(Enumerable.Range(0, quantity + 100).Select(
            i => (Func<Task<ClaimAnswer>>)(() => BuyWhatIsLeftAsync(shop, sale, $"buyer-{i}", units: 1 + (i % 5)))));

        Assert.Equal(quantity, answers.Sum(answer => answer.Order?.Quantity ?? 0));
        await shop.LeavesAsync(sale, 0);
    }

    [Fact]
    public async Task Many_sales_in_many_lanes_sell_out_side_by_side()
    {
        await using var shop = new Shop(lanes: 4);
        var sales = new List<Sale>();
        for (var i = 0; i < 20; i++)
        {
            sales.Add(await shop.OpenAsync(Samples.Sale($"sale-{i}", quantity: 10 + i)));
        }

        var answers = await Shop.AtOnceAsync(Enumerable.Range(0, 1_000).Select(
            i => (Func<Task<ClaimAnswer>>)(() => shop.ClaimAsync(sales[i % 20], $"buyer-{i}"))));

        Assert.Equal(sales.Sum(sale => sale.Quantity), answers.Count(answer => answer.Outcome == Outcome.Admitted));
        foreach (var sale in sales)
        {
            await shop.LeavesAsync(sale, 0);
        }
    }

    /// <summary>A buyer who, told that fewer are left, asks for what is left.</summary>
    private static async Task<ClaimAnswer> BuyWhatIsLeftAsync(Shop shop, Sale sale, string buyer, int units)
    {
        var answer = await shop.ClaimAsync(sale, buyer, "k", units);
        while (answer.Outcome == Outcome.Insufficient)
        {
            Assert.InRange(answer.Available, 1, units - 1);
            units = (int)answer.Available;
            answer = await shop.ClaimAsync(sale, buyer, "k", units);
        }

        return answer;
    }
}
