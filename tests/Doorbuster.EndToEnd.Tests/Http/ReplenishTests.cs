using Doorbuster.EndToEnd.Tests.Crowds;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>POST /v1/sales/{id}/replenish: units are added once a request id, and can be bought at once.</summary>
public sealed class ReplenishTests(OpenShop shop)
{
    [Fact]
    public async Task A_sold_out_sale_that_is_replenished_sells_again()
    {
        var sale = await shop.NewSaleAsync(new Terms(2));
        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);
        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);
        var late = shop.NewBuyer();
        (await late.ClaimAsync(sale)).IsProblem(409, "sold-out");
        Assert.True((await shop.Api.SaleAsync(sale)).Json.GetProperty("soldOut").GetBoolean());

        var more = (await ReplenishAsync(sale, 1, "delivery-1")).Is(200);

        Assert.Equal((3, 1, 2), (more.Number("quantity"), more.Number("available"), more.Number("revision")));
        Assert.False(more.Json.GetProperty("soldOut").GetBoolean());
        (await late.ClaimAsync(sale)).Is(201);
        (await shop.NewBuyer().ClaimAsync(sale)).IsProblem(409, "sold-out");
        var audit = await Audit.OfAsync(shop.Api, sale);
        Assert.Equal((3, 0, 3), (audit.Quantity, audit.Available, audit.Reserved));
    }

    [Fact]
    public async Task A_hundred_identical_requests_at_once_add_once()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));

        var answers = await Rush.AtOnceAsync(100, _ => ReplenishAsync(sale, 5, "the-same"));

        Assert.All(
            answers, answer => Assert.Equal((6, 2), (answer.Is(200).Number("quantity"), answer.Number("revision"))));
        Assert.Equal(6, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    [Fact]
    public async Task A_request_id_stands_for_one_quantity_for_ever()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        (await ReplenishAsync(sale, 5, "once")).Is(200);

        (await ReplenishAsync(sale, 6, "once")).IsProblem(422, "request-id-reused");
        (await shop.Api.OperateAsync(sale, "close")).Is(200);

        Assert.Equal(6, (await ReplenishAsync(sale, 5, "once")).Is(200).Number("quantity"));
        (await ReplenishAsync(sale, 5, "another")).IsProblem(409, "sale-closed");
    }

    [Fact]
    public async Task Different_requests_at_once_all_add_while_a_crowd_buys()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var buyers = Enumerable.Range(0, 60).Select(_ => shop.NewBuyer()).ToList();
        await Task.WhenAll(buyers.Select(buyer => buyer.TokenAsync(sale)));

        var answers = await Rush.AtOnceAsync(
            80, n => n < 20 ? ReplenishAsync(sale, 2, $"r-{n}") : buyers[n - 20].ClaimAsync(sale));

        Assert.All(answers.Take(20), answer => answer.Is(200));
        var sold = answers.Skip(20).Count(answer => answer.Status == 201);
        Assert.Equal((41, 21), ((await shop.Api.SaleAsync(sale)).Number("quantity"),
            (await shop.Api.SaleAsync(sale)).Number("revision")));
        var audit = await Audit.OfAsync(shop.Api, sale);
        Assert.Equal((41, sold, 41 - sold), (audit.Quantity, audit.Reserved, audit.Available));
    }

    [Theory]
    [InlineData("""{"quantity":0,"requestId":"r"}""", "#/quantity")]
    [InlineData("""{"quantity":-1,"requestId":"r"}""", "#/quantity")]
    [InlineData("""{"quantity":1.5,"requestId":"r"}""", "#/quantity")]
    [InlineData("""{"quantity":"1","requestId":"r"}""", "#/quantity")]
    [InlineData("""{"quantity":100000000,"requestId":"r"}""", "#/quantity")]
    [InlineData("""{"quantity":100000001,"requestId":"r"}""", "#/quantity")]
    [InlineData("""{"quantity":1}""", "#/requestId")]
    [InlineData("""{"quantity":1,"requestId":""}""", "#/requestId")]
    [InlineData("""{"quantity":1,"requestId":"a b"}""", "#/requestId")]
    [InlineData("""{"quantity":1,"requestId":"ä"}""", "#/requestId")]
    [InlineData("""{"quantity":1,"requestId":7}""", "#/requestId")]
    [InlineData("""{"quantity":1,"requestId":"r","note":"x"}""", "#/note")]
    [InlineData("""{"quantity":1,"quantity":2,"requestId":"r"}""", "#/quantity")]
    [InlineData("""{}""", "#/quantity", "#/requestId")]
    [InlineData("[]", "#")]
    public async Task A_request_that_is_not_right_adds_nothing(string body, params string[] pointers)
    {
        var sale = await shop.NewSaleAsync(new Terms(3));

        (await shop.Api.OperateAsync(sale, "replenish", body)).PointsAt(pointers);

        var now = (await shop.Api.SaleAsync(sale)).Is(200);
        Assert.Equal((3, 1), (now.Number("quantity"), now.Number("revision")));
    }

    [Fact]
    public async Task A_request_without_a_body_adds_nothing()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));

        (await shop.Api.OperateAsync(sale, "replenish")).IsProblem(400, "malformed-request");
    }

    private Task<Answer> ReplenishAsync(string sale, int quantity, string requestId) =>
        shop.Api.OperateAsync(sale, "replenish", $$"""{"quantity":{{quantity}},"requestId":"{{requestId}}"}""");
}
