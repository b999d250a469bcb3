using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>GET /v1/orders/{id}: an order is its buyer's, and the operator's.</summary>
public sealed class OrderReadingTests(OpenShop shop)
{
    [Fact]
    public async Task A_buyer_reads_an_order_as_it_was_answered()
    {
        var (buyer, order) = await NewOrderAsync();

        var read = (await buyer.ReadAsync(order.Text("id"))).Is(200);

        Assert.Equal(order.Body, read.Body);
        Assert.Equal("no-store", read.Header("Cache-Control"));
    }

    [Fact]
    public async Task An_operator_also_reads_whose_it_is()
    {
        var (buyer, order) = await NewOrderAsync();

        var read = (await shop.Api.GetAsync($"/v1/orders/{order.Text("id")}", Jwt.ForOperator())).Is(200);

        Assert.Equal(buyer.Id, read.Text("buyerId"));
        var rest = read.Json.EnumerateObject().Where(p => p.Name != "buyerId").Select(p => p.ToString());
        Assert.Equal(order.Json.EnumerateObject().Select(p => p.ToString()), rest);
        Assert.Equal("no-store", read.Header("Cache-Control"));
    }

    [Fact]
    public async Task Anothers_order_looks_like_none_to_the_byte()
    {
        var (_, order) = await NewOrderAsync();
        var stranger = shop.NewBuyer();
        var id = order.Text("id");
        var unknown = id[..^2] + (id.EndsWith("00", StringComparison.Ordinal) ? "11" : "00");

        var anothers = (await stranger.ReadAsync(id)).IsProblem(404, "order-not-found");
        var nobodys = (await stranger.ReadAsync(unknown)).IsProblem(404, "order-not-found");

        Assert.Equal(nobodys.Body, anothers.Body);
        Assert.Equal(Names(nobodys), Names(anothers));

        static IEnumerable<string> Names(Answer answer) => answer.Headers.Keys.Order();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("no-such-sale.00000000000000000000000000")]
    [InlineData("a.b.c")]
    [InlineData("..%2F..")]
    [InlineData("sale.8ZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("sale.UUUUUUUUUUUUUUUUUUUUUUUUUU")]
    public async Task An_id_of_no_order_is_not_found(string id)
    {
        (await shop.NewBuyer().ReadAsync(id)).IsProblem(404, "order-not-found");
        (await shop.Api.GetAsync($"/v1/orders/{id}", Jwt.ForOperator())).IsProblem(404, "order-not-found");
    }

    private async Task<(Buyer Buyer, Answer Order)> NewOrderAsync()
    {
        var buyer = shop.NewBuyer();
        var sale = await shop.NewSaleAsync(new Terms(5));
        return (buyer, (await buyer.ClaimAsync(sale, "an-order")).Is(201));
    }
}
