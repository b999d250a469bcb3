using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>GET /v1/sales/{id}: what anyone sees, and how long it may be kept.</summary>
public sealed class SaleReadingTests(OpenShop shop)
{
    [Fact]
    public async Task A_sale_may_be_kept_by_anyone_for_a_second()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));

        var answer = (await shop.Api.SaleAsync(sale)).Is(200);

        Assert.Equal("public, max-age=1", answer.Header("Cache-Control"));
        Assert.Matches("^\"1-[0-9]+\"$", answer.Header("ETag"));
    }

    [Fact]
    public async Task A_sale_that_has_not_changed_is_answered_304()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        var tag = (await shop.Api.SaleAsync(sale)).Header("ETag")!;

        foreach (var known in new[] { tag, $"W/{tag}", $"\"0-0\", {tag}", "*" })
        {
            var answer = await ReadAsync(sale, known);

            Assert.True(answer.Status == 304, $"{known} {answer}");
            Assert.Empty(answer.Body);
            Assert.Equal(tag, answer.Header("ETag"));
            Assert.Equal("public, max-age=1", answer.Header("Cache-Control"));
        }
    }

    [Fact]
    public async Task A_sale_that_has_sold_a_unit_has_another_tag()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        var tag = (await shop.Api.SaleAsync(sale)).Header("ETag")!;

        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);

        var answer = (await ReadAsync(sale, tag)).Is(200);
        Assert.NotEqual(tag, answer.Header("ETag"));
        Assert.Equal(4, answer.Number("available"));
    }

    [Fact]
    public async Task A_sale_goes_from_scheduled_to_open_to_closed_and_its_tag_with_it()
    {
        var sale = await shop.NewSaleAsync(
            new Terms(5) { OpensIn = TimeSpan.FromSeconds(1), ClosesIn = TimeSpan.FromSeconds(2) });
        var seen = new List<(string State, string Tag)>();

        await Waiting.UntilAsync("the sale was closed", async () =>
        {
            var answer = (await shop.Api.SaleAsync(sale)).Is(200);
            var opensAt = answer.Json.GetProperty("opensAt").GetDateTimeOffset();
            var closesAt = answer.Json.GetProperty("closesAt").GetDateTimeOffset();
            var now = answer.Json.GetProperty("now").GetDateTimeOffset();
            var state = answer.Text("state");
            Assert.Equal(now < opensAt ? "scheduled" : now < closesAt ? "open" : "closed", state);
            if (seen.Count == 0 || seen[^1].State != state)
            {
                seen.Add((state, answer.Header("ETag")!));
            }

            return state == "closed";
        });

        Assert.Equal(["scheduled", "open", "closed"], seen.Select(s => s.State));
        Assert.Equal(3, seen.Select(s => s.Tag).Distinct().Count());
    }

    [Fact]
    public async Task A_sale_can_be_asked_for_without_its_body()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        var whole = (await shop.Api.SaleAsync(sale)).Is(200);

        var head = await shop.Api.SendAsync(new Call(HttpMethod.Head, $"/v1/sales/{sale}"));

        Assert.Equal((200, ""), (head.Status, head.Body));
        Assert.All(
            new[] { "ETag", "Cache-Control", "Content-Type", "Content-Length" },
            name => Assert.Equal(whole.Header(name), head.Header(name)));
    }

    [Fact]
    public async Task A_sale_that_sold_its_last_unit_says_so()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));

        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);

        var json = (await shop.Api.SaleAsync(sale)).Is(200).Json;
        Assert.Equal((true, 0), (json.GetProperty("soldOut").GetBoolean(), json.GetProperty("available").GetInt32()));
        Assert.Equal("open", json.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("no-such-sale")]
    [InlineData("UPPER")]
    [InlineData("-a")]
    [InlineData("a.b")]
    [InlineData("%ff")]
    [InlineData("a%2Fb")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task An_id_of_no_sale_is_not_found(string id) =>
        (await shop.Api.GetAsync($"/v1/sales/{id}")).IsProblem(404, "sale-not-found");

    [Fact]
    public async Task What_buyers_see_of_a_sale_holds_no_key()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));

        var names = (await shop.Api.SaleAsync(sale)).Is(200).Json.EnumerateObject().Select(p => p.Name);

        Assert.Equal(
            [
                "id", "title", "description", "imageUrl", "quantity", "price", "opensAt", "closesAt", "perBuyerLimit",
                "paymentWindow", "requirePurchaseToken", "state", "available", "soldOut", "revision", "now",
            ],
            names);
    }

    private Task<Answer> ReadAsync(string sale, string known) =>
        shop.Api.GetAsync($"/v1/sales/{sale}", token: null, ("If-None-Match", known));
}
