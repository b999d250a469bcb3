using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>POST /v1/sales/{id}/purchase-tokens.</summary>
public sealed class PurchaseTokenTests(OpenShop shop)
{
    [Fact]
    public async Task A_token_lives_fifteen_minutes_and_is_kept_by_nobody()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));

        var answer = (await TakeAsync(sale, shop.NewBuyer())).Is(201);

        Assert.Equal(["token", "expiresAt"], answer.Json.EnumerateObject().Select(p => p.Name));
        var life = answer.Json.GetProperty("expiresAt").GetDateTimeOffset() - DateTimeOffset.UtcNow;
        Assert.InRange(life, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task A_token_is_given_while_the_sale_is_scheduled_and_buys_once_it_opens()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { OpensIn = TimeSpan.FromSeconds(1) });
        var buyer = shop.NewBuyer();
        (await buyer.ClaimAsync(sale, "early")).IsProblem(409, "sale-not-open");

        // The refusal before has used up neither the token nor the key.
        var order = await Answers.UntilAsync(
            "the doors opened", () => buyer.ClaimAsync(sale, "early"), answer => answer.Problem != "sale-not-open");

        order.Is(201);
    }

    [Fact]
    public async Task A_closed_sale_gives_no_token()
    {
        var sale = await shop.NewSaleAsync(
            new Terms(5) { OpensIn = TimeSpan.FromMinutes(-2), ClosesIn = TimeSpan.FromMinutes(-1) });

        (await TakeAsync(sale, shop.NewBuyer())).IsProblem(409, "sale-closed");
    }

    [Fact]
    public async Task A_sale_that_does_not_exist_gives_no_token() =>
        (await TakeAsync("no-such-sale", shop.NewBuyer())).IsProblem(404, "sale-not-found");

    [Fact]
    public async Task A_buyer_who_asks_too_often_waits_and_nobody_else_does()
    {
        const int ManyMoreThanAllowed = 200;
        var sale = await shop.NewSaleAsync(new Terms(5));
        var greedy = shop.NewBuyer();
        Answer? refused = null;

        for (var i = 0; refused is null && i < ManyMoreThanAllowed; i++)
        {
            var answer = await TakeAsync(sale, greedy);
            refused = answer.Status == 201 ? null : answer;
        }

        Assert.NotNull(refused);
        refused.IsProblem(429, "rate-limited");
        Assert.InRange(refused.RetryAfterSeconds(), 1, 60);
        (await TakeAsync(sale, shop.NewBuyer())).Is(201);
    }

    private Task<Answer> TakeAsync(string sale, Buyer buyer) =>
        shop.Api.PostAsync($"/v1/sales/{sale}/purchase-tokens", buyer.Jwt);
}
