using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Crowds;

/// <summary>The last unit is sold, and not one more.</summary>
public sealed class LastUnitTests(OpenShop shop)
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 100)]
    [InlineData(999, 1_500)]
    public async Task A_crowd_buys_exactly_what_there_is(int quantity, int buyers)
    {
        var sale = await shop.NewSaleAsync(new Terms(quantity) { RequirePurchaseToken = false });
        var crowd = Enumerable.Range(0, buyers).Select(_ => shop.NewBuyer()).ToList();

        var answers = await Rush.AtOnceAsync(
            buyers, n => shop.Api.PostAsync($"/v1/sales/{sale}/orders", crowd[n].Jwt));

        Assert.Equal(quantity, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.IsProblem(409, "sold-out"));
        Assert.Equal(quantity, answers.Where(answer => answer.Status == 201).DistinctBy(a => a.Text("id")).Count());
        var audit = await Audit.OfAsync(shop.Api, sale);
        Assert.Equal((0, quantity), (audit.Available, audit.Reserved));
        (await shop.Api.PostAsync($"/v1/sales/{sale}/orders", shop.NewBuyer().Jwt)).IsProblem(409, "sold-out");
    }

    [Fact]
    public async Task A_crowd_that_wants_two_or_three_each_buys_the_last_unit_in_the_end()
    {
        const int Quantity = 999;
        var sale = await shop.NewSaleAsync(new Terms(Quantity) { PerBuyerLimit = 4, RequirePurchaseToken = false });
        var crowd = Enumerable.Range(0, 600).Select(_ => shop.NewBuyer()).ToList();

        var answers = await Rush.AtOnceAsync(crowd.Count, n => BuyWhatIsLeftAsync(sale, crowd[n], 2 + (n % 2)));

        Assert.Equal(Quantity, answers.Where(answer => answer.Status == 201).Sum(answer => answer.Number("quantity")));
        Assert.Equal(Quantity, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }

    /// <summary>Asks for so many, and for fewer where fewer are left.</summary>
    private async Task<Answer> BuyWhatIsLeftAsync(string sale, Buyer buyer, int wanted)
    {
        while (true)
        {
            var body = $$"""{"quantity":{{wanted}}}""";
            var answer = await shop.Api.PostAsync($"/v1/sales/{sale}/orders", buyer.Jwt, body);
            if (answer.Status == 201)
            {
                return answer;
            }

            if (answer.Problem == "sold-out")
            {
                return answer.IsProblem(409, "sold-out");
            }

            var left = (int)answer.IsProblem(409, "insufficient-stock").Number("available");
            Assert.InRange(left, 1, wanted - 1);
            wanted = left;
        }
    }
}
