using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>POST /v1/sales/{id}/orders, where it ends with a refusal: each with what a program can use of it.</summary>
public sealed class OrderRefusalTests(OpenShop shop)
{
    [Fact]
    public async Task A_claim_without_a_genuine_token_of_the_sale_in_time_is_refused()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        var another = await shop.NewSaleAsync(new Terms(5));
        var buyer = shop.NewBuyer();
        var genuine = await buyer.TokenAsync(sale);
        string?[] tokens =
        [
            null,
            "",
            "x",
            new string('A', 300),
            "!§$%",
            genuine[..^1],
            genuine + "A",
            (genuine[0] == 'A' ? "B" : "A") + genuine[1..],
            genuine[..20] + (genuine[20] == 'A' ? "B" : "A") + genuine[21..],
            await buyer.TokenAsync(another),
            buyer.Jwt,
            PurchaseTokenForge.Expired(sale, buyer.Id),
            PurchaseTokenForge.OfForeignKey(sale, buyer.Id),
        ];

        foreach (var token in tokens)
        {
            (await ClaimAsync(sale, token, "key")).IsProblem(403, "purchase-token-invalid");
        }

        Assert.Equal(5, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    [Fact]
    public async Task An_expired_token_still_finds_its_buyers_order_and_nothing_else()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 2 });
        var buyer = shop.NewBuyer();
        var order = (await buyer.ClaimAsync(sale, "mine")).Is(201);
        var expired = PurchaseTokenForge.Expired(sale, buyer.Id);

        var replay = (await ClaimAsync(sale, expired, "mine")).Is(200);

        Assert.Equal(order.Body, replay.Body);
        (await ClaimAsync(sale, expired, "mine", 2)).IsProblem(422, "idempotency-key-reused");
        (await ClaimAsync(sale, expired, "new")).IsProblem(403, "purchase-token-invalid");
        var strangers = PurchaseTokenForge.Expired(sale, shop.NewBuyer().Id);
        (await ClaimAsync(sale, strangers, "mine")).IsProblem(403, "purchase-token-invalid");
    }

    [Theory]
    [InlineData("no-such-sale")]
    [InlineData("NOT-AN-ID")]
    public async Task A_claim_at_no_sale_is_not_found(string sale) =>
        (await ClaimAsync(sale, "any", "key")).IsProblem(404, "sale-not-found");

    [Fact]
    public async Task A_claim_after_the_last_unit_is_sold_out_and_its_holder_is_not()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var holder = shop.NewBuyer();
        var order = (await holder.ClaimAsync(sale, "last")).Is(201);

        (await shop.NewBuyer().ClaimAsync(sale)).IsProblem(409, "sold-out");

        Assert.Equal(order.Body, (await holder.ClaimAsync(sale, "last")).Is(200).Body);
    }

    [Fact]
    public async Task A_claim_for_more_than_is_left_is_told_what_is_left_and_may_have_that()
    {
        var sale = await shop.NewSaleAsync(new Terms(3) { PerBuyerLimit = 5 });
        var buyer = shop.NewBuyer();

        var refusal = (await buyer.ClaimAsync(sale, "much", 4)).IsProblem(409, "insufficient-stock");

        Assert.Equal(3, refusal.Number("available"));
        (await buyer.ClaimAsync(sale, "much", 3)).Is(201);
    }

    [Fact]
    public async Task A_claim_above_the_buyers_limit_is_told_the_buyers_orders()
    {
        var sale = await shop.NewSaleAsync(new Terms(50) { PerBuyerLimit = 5 });
        var buyer = shop.NewBuyer();
        string[] orders =
        [
            (await buyer.ClaimAsync(sale, "a", 2)).Is(201).Text("id"),
            (await buyer.ClaimAsync(sale, "b", 2)).Is(201).Text("id"),
        ];

        var refusal = (await buyer.ClaimAsync(sale, "c", 2)).IsProblem(409, "buyer-limit-reached");

        Assert.Equal(orders.Order(), refusal.Json.GetProperty("orders").EnumerateArray().Select(IdOf).Order());
        (await buyer.ClaimAsync(sale, "c")).Is(201);
        (await shop.NewBuyer().ClaimAsync(sale, "all", 6)).IsProblem(409, "buyer-limit-reached");
    }

    [Fact]
    public async Task A_claim_before_the_opening_is_told_when_that_is()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { OpensIn = TimeSpan.FromHours(1) });
        var opensAt = (await shop.Api.SaleAsync(sale)).Text("opensAt");

        var refusal = (await shop.NewBuyer().ClaimAsync(sale)).IsProblem(409, "sale-not-open");

        Assert.Equal(opensAt, refusal.Text("opensAt"));
    }

    [Fact]
    public async Task A_claim_after_the_closing_is_refused()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { ClosesIn = TimeSpan.FromSeconds(1) });
        var buyer = shop.NewBuyer();
        await buyer.TokenAsync(sale);
        await shop.ClosedAsync(sale);

        (await buyer.ClaimAsync(sale)).IsProblem(409, "sale-closed");

        Assert.Equal(5, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    [Fact]
    public async Task Of_several_refusals_the_first_in_order_is_the_answer()
    {
        var sale = await shop.NewSaleAsync(new Terms(1) { ClosesIn = TimeSpan.FromSeconds(2) });
        var (holder, stranger) = (shop.NewBuyer(), shop.NewBuyer());
        await stranger.TokenAsync(sale);
        var order = (await holder.ClaimAsync(sale, "mine")).Is(201);

        (await holder.ClaimAsync(sale, "mine", 2)).IsProblem(422, "idempotency-key-reused");
        (await holder.ClaimAsync(sale, "more")).IsProblem(409, "buyer-limit-reached");
        (await stranger.ClaimAsync(sale, "more", 2)).IsProblem(409, "buyer-limit-reached");
        (await stranger.ClaimAsync(sale, "some")).IsProblem(409, "sold-out");
        await shop.ClosedAsync(sale);

        (await holder.ClaimAsync(sale, "more")).IsProblem(409, "sale-closed");
        (await stranger.ClaimAsync(sale, "some")).IsProblem(409, "sale-closed");
        (await holder.ClaimAsync(sale, "mine", 2)).IsProblem(422, "idempotency-key-reused");
        Assert.Equal(order.Body, (await holder.ClaimAsync(sale, "mine")).Is(200).Body);
    }

    [Fact]
    public async Task A_refusal_is_kept_by_nobody()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));

        Answer[] refusals = [await ClaimAsync(sale, "bad", "key"), await ClaimAsync("none", "bad", "key")];

        Assert.All(refusals, refusal => Assert.Equal("no-store", refusal.Header("Cache-Control")));
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        var token = ("Purchase-Token", await shop.NewBuyer().TokenAsync(sale));
        var tooLong = new string('k', 65);
        string[] keys = ["\"\"", tooLong, $"\"{tooLong}\"", "two words", "tab\tbed", "ключ", "ü"];

        foreach (var key in keys)
        {
            (string, string) header = ("Idempotency-Key", key);
            var answer = await shop.Api.PostAsync($"/v1/sales/{sale}/orders", null, null, token, header);
            answer.PointsAt("Idempotency-Key");
        }

        var twice = await shop.Api.PostAsync(
            $"/v1/sales/{sale}/orders", null, null, token, ("Idempotency-Key", "a"), ("Idempotency-Key", "b"));
        twice.PointsAt("Idempotency-Key");
        Assert.Equal(5, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    private Task<Answer> ClaimAsync(string sale, string? token, string key, int quantity = 1) =>
        shop.Api.PostAsync(
            $"/v1/sales/{sale}/orders",
            null,
            $$"""{"quantity":{{quantity}}}""",
            token is null ? [("Idempotency-Key", key)] : [("Idempotency-Key", key), ("Purchase-Token", token)]);

    /// <summary>The contract leaves open whether an order is named or shown whole.</summary>
    private static string IdOf(JsonElement order) =>
        order.ValueKind == JsonValueKind.String ? order.GetString()! : order.GetProperty("id").GetString()!;
}
