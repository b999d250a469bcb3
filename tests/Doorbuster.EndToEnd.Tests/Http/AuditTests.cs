using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>GET /v1/sales/{id}/audit.</summary>
public sealed class AuditTests(OpenShop shop)
{
    [Fact]
    public async Task An_audit_says_where_every_unit_is()
    {
        var sale = await shop.NewSaleAsync(new Terms(9) { PerBuyerLimit = 3 });
        (await shop.NewBuyer().ClaimAsync(sale, "a", 3)).Is(201);
        (await shop.NewBuyer().ClaimAsync(sale, "b", 2)).Is(201);

        var answer = (await shop.Api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator())).Is(200);

        Assert.Equal(
            """
            {"quantity":9,"available":4,"reserved":5,"sold":0,"queued":0,"gateAvailable":4,"epoch":1,
            "lawHolds":true,"differences":[]}
            """.ReplaceLineEndings(""),
            answer.Body);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("no-such-sale")]
    [InlineData("NOT-AN-ID")]
    public async Task There_is_no_audit_of_no_sale(string sale) =>
        (await shop.Api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator())).IsProblem(404, "sale-not-found");

    [Fact]
    public async Task F13_an_audit_in_the_rush_finds_no_false_difference()
    {
        var sale = await shop.NewSaleAsync(new Terms(400) { PerBuyerLimit = 400, RequirePurchaseToken = false });
        var buyers = Enumerable.Range(0, 20).Select(_ => shop.NewBuyer()).ToList();
        var rush = Task.WhenAll(buyers.Select(async buyer =>
        {
            for (var i = 0; i < 20; i++)
            {
                (await shop.Api.PostAsync($"/v1/sales/{sale}/orders", buyer.Jwt)).Is(201);
            }
        }));

        do
        {
            await Audit.OfAsync(shop.Api, sale);
        }
        while (!rush.IsCompleted);

        await rush;
        Assert.Equal(400, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }
}
