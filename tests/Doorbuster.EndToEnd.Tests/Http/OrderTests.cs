using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>POST /v1/sales/{id}/orders, where it ends with an order.</summary>
public sealed class OrderTests(OpenShop shop)
{
    [Fact]
    public async Task An_order_is_answered_with_its_place_and_what_it_is()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 3 });
        var before = DateTimeOffset.UtcNow - TimeSpan.FromMilliseconds(1);

        var answer = (await shop.NewBuyer().ClaimAsync(sale, "first", 3)).Is(201);

        var order = answer.Json;
        Assert.Equal(
            [
                "id", "saleId", "quantity", "amount", "status", "revision", "createdAt", "reservedAt", "expiresAt",
                "paidAt", "reason",
            ],
            order.EnumerateObject().Select(p => p.Name));
        Assert.Matches($@"^{sale}\.[0-7][0-9A-HJKMNP-TV-Z]{{25}}$", answer.Text("id"));
        Assert.Equal($"/v1/orders/{answer.Text("id")}", answer.Header("Location"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal((sale, 3, "reserved"), (answer.Text("saleId"), answer.Number("quantity"), answer.Text("status")));
        Assert.Equal("""{"amount":5997,"currency":"EUR"}""", order.GetProperty("amount").GetRawText());
        Assert.True(answer.Number("revision") >= 1);
        Assert.InRange(order.GetProperty("createdAt").GetDateTimeOffset(), before, DateTimeOffset.UtcNow);
        Assert.Equal(
            TimeSpan.FromMinutes(10),
            order.GetProperty("expiresAt").GetDateTimeOffset() - order.GetProperty("reservedAt").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, order.GetProperty("paidAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, order.GetProperty("reason").ValueKind);
    }

    [Fact]
    public async Task The_same_key_again_is_the_same_order()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });
        var buyer = shop.NewBuyer();
        var first = (await buyer.ClaimAsync(sale, "again", 2)).Is(201);

        for (var i = 0; i < 3; i++)
        {
            var replay = (await buyer.ClaimAsync(sale, "again", 2)).Is(200);
            Assert.Equal(first.Body, replay.Body);
            Assert.Equal(first.Header("Location"), replay.Header("Location"));
        }

        Assert.Equal(2, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }

    [Fact]
    public async Task The_same_key_for_another_quantity_is_refused_and_the_order_stands()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });
        var buyer = shop.NewBuyer();
        var first = (await buyer.ClaimAsync(sale, "reused")).Is(201);

        (await buyer.ClaimAsync(sale, "reused", 2)).IsProblem(422, "idempotency-key-reused");

        Assert.Equal(first.Body, (await buyer.ClaimAsync(sale, "reused")).Is(200).Body);
        Assert.Equal(1, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }

    [Fact]
    public async Task A_key_is_the_same_quoted_and_bare()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });
        var buyer = shop.NewBuyer();
        var longest = new string('k', 64);

        (string, string)[] spellings = [("bare", "\"bare\""), ("\"quoted\"", "quoted"), (longest, $"\"{longest}\"")];
        foreach (var (one, other) in spellings)
        {
            var first = (await buyer.ClaimAsync(sale, one)).Is(201);
            Assert.Equal(first.Body, (await buyer.ClaimAsync(sale, other)).Is(200).Body);
        }
    }

    [Fact]
    public async Task A_key_belongs_to_its_buyer_and_its_sale_and_knows_case()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });
        var another = await shop.NewSaleAsync(new Terms(5));
        var buyer = shop.NewBuyer();

        Answer[] answers =
        [
            await buyer.ClaimAsync(sale, "key"),
            await buyer.ClaimAsync(sale, "KEY"),
            await buyer.ClaimAsync(another, "key"),
            await shop.NewBuyer().ClaimAsync(sale, "key"),
        ];

        Assert.Equal(4, answers.Select(answer => answer.Is(201).Text("id")).Distinct().Count());
    }

    [Fact]
    public async Task Without_a_key_every_claim_is_a_new_one()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 2 });
        var buyer = shop.NewBuyer();

        var first = (await buyer.ClaimAsync(sale)).Is(201);
        var second = (await buyer.ClaimAsync(sale)).Is(201);

        Assert.NotEqual(first.Text("id"), second.Text("id"));
        (await buyer.ClaimAsync(sale)).IsProblem(409, "buyer-limit-reached");
    }

    [Fact]
    public async Task The_largest_order_of_the_dearest_thing_is_sold()
    {
        const int Most = 100_000_000;
        var terms = new Terms(Most) { Id = shop.Name("sale"), PerBuyerLimit = Most }.ToJson();
        terms["price"]!["amount"] = 10_000_000_000;
        (await shop.Api.PostAsync("/v1/sales", Jwt.ForOperator(), terms.ToJsonString())).Is(201);
        var sale = (string)terms["id"]!;

        var order = (await shop.NewBuyer().ClaimAsync(sale, "all", Most)).Is(201);

        Assert.Equal(1_000_000_000_000_000_000, order.Json.GetProperty("amount").GetProperty("amount").GetInt64());
        (await shop.NewBuyer().ClaimAsync(sale)).IsProblem(409, "sold-out");
        Assert.Equal(Most, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"quantity":1}""")]
    [InlineData(" { \"quantity\" : 1 } \n")]
    public async Task A_claim_that_names_no_quantity_is_for_one_unit(string? body)
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });
        var token = await shop.NewBuyer().TokenAsync(sale);

        var answer = await shop.Api.PostAsync($"/v1/sales/{sale}/orders", null, body, ("Purchase-Token", token));

        Assert.Equal(1, answer.Is(201).Number("quantity"));
    }

    [Fact]
    public async Task A_sale_without_purchase_tokens_takes_the_buyers_own_token()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { RequirePurchaseToken = false });
        var buyer = shop.NewBuyer();

        var first = (await ClaimAsync(buyer.Jwt)).Is(201);

        Assert.Equal(first.Body, (await ClaimAsync(buyer.Jwt)).Is(200).Body);
        Assert.Equal(first.Body, (await buyer.ReadAsync(first.Text("id"))).Is(200).Body);
        (await ClaimAsync(null)).IsProblem(401, "unauthenticated");
        var token = ("Purchase-Token", await shop.NewBuyer().TokenAsync(sale));
        (await shop.Api.PostAsync($"/v1/sales/{sale}/orders", null, null, token)).IsProblem(401, "unauthenticated");

        Task<Answer> ClaimAsync(string? jwt) =>
            shop.Api.PostAsync($"/v1/sales/{sale}/orders", jwt, null, ("Idempotency-Key", "mine"));
    }
}
