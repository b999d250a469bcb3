using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>GET /v1/orders?saleId=: a buyer's own, or for the operator everyone's.</summary>
public sealed class OrderListTests(OpenShop shop)
{
    [Fact]
    public async Task A_buyer_lists_own_orders_of_a_sale_and_nobody_elses()
    {
        var sale = await shop.NewSaleAsync(new Terms(9) { PerBuyerLimit = 3 });
        var another = await shop.NewSaleAsync(new Terms(9));
        var buyer = shop.NewBuyer();
        (await buyer.ClaimAsync(another)).Is(201);
        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);
        string[] own = [(await buyer.ClaimAsync(sale)).Is(201).Body, (await buyer.ClaimAsync(sale)).Is(201).Body];

        var list = (await buyer.OrdersAsync(sale)).Is(200);

        Assert.Equal("no-store", list.Header("Cache-Control"));
        Assert.Equal(own.Order(), list.Json.GetProperty("items").EnumerateArray().Select(o => o.GetRawText()).Order());
        Assert.Equal(JsonValueKind.Null, list.Json.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task A_buyer_without_orders_has_an_empty_list()
    {
        var sale = await shop.NewSaleAsync(new Terms(9));

        var list = (await shop.NewBuyer().OrdersAsync(sale)).Is(200).Json;

        Assert.Equal(0, list.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task An_operator_lists_a_buyers_orders_in_parts_and_sees_whose_they_are()
    {
        var sale = await shop.NewSaleAsync(new Terms(9) { PerBuyerLimit = 7 });
        var buyer = shop.NewBuyer();
        var expected = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            expected.Add((await buyer.ClaimAsync(sale)).Is(201).Text("id"));
        }

        var orders = new List<JsonElement>();
        for (var next = ""; next is not null;)
        {
            var path = $"/v1/orders?saleId={sale}&buyerId={buyer.Id}&limit=3{next}";
            var part = (await shop.Api.GetAsync(path, Jwt.ForOperator())).Is(200).Json;
            orders.AddRange(part.GetProperty("items").EnumerateArray());
            next = part.GetProperty("next").GetString() is { } cursor ? $"&cursor={cursor}" : null;
        }

        Assert.Equal(expected, orders.Select(order => order.GetProperty("id").GetString()));
        Assert.All(orders, order => Assert.Equal(buyer.Id, order.GetProperty("buyerId").GetString()));
    }

    [Fact]
    public async Task A_list_of_no_sale_is_not_found() =>
        (await shop.NewBuyer().OrdersAsync("no-such-sale")).IsProblem(404, "sale-not-found");

    [Theory]
    [InlineData("", "saleId")]
    [InlineData("?saleId=", "saleId")]
    [InlineData("?saleId=a&saleId=b", "saleId")]
    [InlineData("?saleId=a&limit=0", "limit")]
    [InlineData("?saleId=a&limit=x", "limit")]
    [InlineData("?saleId=a&cursor=!", "cursor")]
    [InlineData("?limit=0&cursor=!", "saleId", "limit", "cursor")]
    public async Task A_list_that_cannot_be_is_refused(string query, params string[] names) =>
        (await shop.Api.GetAsync($"/v1/orders{query}", shop.NewBuyer().Jwt)).PointsAt(names);

    [Theory]
    [InlineData("?saleId={sale}", "It is missing", "buyerId")]
    [InlineData("?saleId={sale}&buyerId=a&buyerId=b", "once", "buyerId")]
    [InlineData("?saleId={sale}&buyerId=", "bytes", "buyerId")]
    [InlineData("?limit=x", "It is missing", "buyerId", "saleId", "limit")]
    public async Task An_operator_says_whose_orders_are_meant(string query, string detail, params string[] names)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var path = $"/v1/orders{query.Replace("{sale}", sale, StringComparison.Ordinal)}";

        var answer = (await shop.Api.GetAsync(path, Jwt.ForOperator())).PointsAt(names);

        Assert.Contains(detail, answer.Body, StringComparison.Ordinal);
    }
}
