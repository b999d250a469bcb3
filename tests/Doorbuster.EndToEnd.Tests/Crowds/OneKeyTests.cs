using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Crowds;

/// <summary>The same buyer, many times at once.</summary>
public sealed class OneKeyTests(OpenShop shop)
{
    private const int Clicks = 100;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1_000, 100, 3)]
    public async Task A_hundred_clicks_with_one_key_are_one_order(int quantity, int limit, int units)
    {
        var sale = await shop.NewSaleAsync(new Terms(quantity) { PerBuyerLimit = limit });
        var buyer = shop.NewBuyer();
        await buyer.TokenAsync(sale);

        var answers = await Rush.AtOnceAsync(Clicks, _ => buyer.ClaimAsync(sale, "click", units));

        var created = Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201, answer.ToString()));
        Assert.All(answers, answer => Assert.Equal(created.Body, answer.Body));
        Assert.All(answers, answer => Assert.Equal(created.Header("Location"), answer.Header("Location")));
        Assert.Equal(units, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }

    [Fact]
    public async Task A_hundred_clicks_with_one_key_for_two_quantities_are_one_order()
    {
        var sale = await shop.NewSaleAsync(new Terms(500) { PerBuyerLimit = 500 });
        var buyer = shop.NewBuyer();
        await buyer.TokenAsync(sale);

        var answers = await Rush.AtOnceAsync(Clicks, n => buyer.ClaimAsync(sale, "click", 1 + (n % 2)));

        var created = Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(
            answers.Where(answer => answer != created),
            answer => Assert.True(
                answer.Status == 200 ? answer.Body == created.Body : answer.Problem == "idempotency-key-reused",
                answer.ToString()));
        Assert.Equal(created.Number("quantity"), (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }

    [Fact]
    public async Task Two_clicks_of_one_buyer_with_two_keys_are_one_order()
    {
        const int Rounds = 20;
        var sale = await shop.NewSaleAsync(new Terms(100));
        for (var round = 0; round < Rounds; round++)
        {
            var buyer = shop.NewBuyer();
            await buyer.TokenAsync(sale);

            var answers = await Rush.AtOnceAsync(2, n => buyer.ClaimAsync(sale, $"click-{n}"));

            Assert.Single(answers, answer => answer.Status == 201);
            var refused = Assert.Single(answers, answer => answer.Status != 201);
            refused.IsProblem(409, "buyer-limit-reached");
        }

        Assert.Equal(Rounds, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }
}
