using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Crowds;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>PATCH /v1/sales/{id}: what may change, when, and on whose word.</summary>
public sealed class SalePatchTests(OpenShop shop)
{
    [Fact]
    public async Task Every_term_can_be_changed_while_the_sale_is_scheduled()
    {
        var sale = await ScheduledAsync();
        var closesAt = Terms.Time(DateTimeOffset.UtcNow.AddHours(9));
        var patch =
            $$"""
            {"title":"Other","description":"Two\nlines","imageUrl":"https://shop.example/a.png",
             "price":{"amount":5,"currency":"JPY"},"opensAt":"2001-01-01T00:00:00Z","closesAt":"{{closesAt}}",
             "perBuyerLimit":2,"paymentWindow":"PT1M","requirePurchaseToken":false}
            """;

        var changed = (await shop.Api.PatchAsync(sale, await TagAsync(sale), patch)).Is(200);

        Assert.Equal(
            ("Other", "Two\nlines", "https://shop.example/a.png", "PT1M", "open"),
            (changed.Text("title"), changed.Text("description"), changed.Text("imageUrl"),
                changed.Text("paymentWindow"), changed.Text("state")));
        Assert.Equal((2, 2), (changed.Number("perBuyerLimit"), changed.Number("revision")));
        Assert.Equal("JPY", changed.Json.GetProperty("price").GetProperty("currency").GetString());
        Assert.False(changed.Json.GetProperty("requirePurchaseToken").GetBoolean());
        var order = await shop.Api.PostAsync(
            $"/v1/sales/{sale}/orders", shop.NewBuyer().Jwt, """{"quantity":2}""");
        Assert.Equal(10, order.Is(201).Json.GetProperty("amount").GetProperty("amount").GetInt32());
    }

    [Fact]
    public async Task What_is_not_given_stays_and_null_takes_away()
    {
        var sale = await ScheduledAsync();
        var full =
            """{"description":"D","imageUrl":"http://a/b","closesAt":"2999-01-01T00:00:00Z","perBuyerLimit":4}""";
        (await shop.Api.PatchAsync(sale, await TagAsync(sale), full)).Is(200);

        var part = (await shop.Api.PatchAsync(sale, await TagAsync(sale), """{"price":{"amount":7}}""")).Is(200);
        Assert.Equal("""{"amount":7,"currency":"EUR"}""", part.Json.GetProperty("price").GetRawText());
        Assert.Equal(("D", 4), (part.Text("description"), part.Number("perBuyerLimit")));

        var removed = (await shop.Api.PatchAsync(
            sale, await TagAsync(sale), """{"description":null,"imageUrl":null,"closesAt":null}""")).Is(200);
        Assert.All(
            new[] { "description", "imageUrl", "closesAt" },
            name => Assert.Equal(JsonValueKind.Null, removed.Json.GetProperty(name).ValueKind));
        Assert.Equal(4, removed.Number("revision"));
    }

    [Fact]
    public async Task A_change_that_changes_nothing_keeps_the_revision()
    {
        var sale = await ScheduledAsync();

        var same = (await shop.Api.PatchAsync(sale, await TagAsync(sale), """{"title":"A thing on sale"}""")).Is(200);
        var empty = (await shop.Api.PatchAsync(sale, await TagAsync(sale), "{}", "application/json")).Is(200);

        Assert.Equal((1, 1), (same.Number("revision"), empty.Number("revision")));
    }

    [Theory]
    [InlineData("""{"price":{"amount":7}}""", "#/price")]
    [InlineData("""{"opensAt":"2001-01-01T00:00:00Z","title":"x"}""", "#/opensAt")]
    [InlineData("""{"perBuyerLimit":null,"requirePurchaseToken":false}""", "#/perBuyerLimit", "#/requirePurchaseToken")]
    public async Task What_claims_are_judged_by_stands_once_the_sale_is_open(string patch, params string[] pointers)
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 3 });

        var refused = (await shop.Api.PatchAsync(sale, await TagAsync(sale), patch))
            .IsProblem(409, "sale-not-scheduled");

        var errors = refused.Json.GetProperty("errors").EnumerateArray();
        Assert.Equal(pointers, errors.Select(error => error.GetProperty("pointer").GetString()));
        Assert.Equal(1, (await shop.Api.SaleAsync(sale)).Number("revision"));
    }

    [Fact]
    public async Task The_rest_can_be_changed_while_it_is_open()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));

        var changed = (await shop.Api.PatchAsync(
            sale, await TagAsync(sale),
            """{"title":"New","closesAt":"2999-01-01T00:00:00Z","paymentWindow":"PT2M"}""")).Is(200);
        Assert.Equal(("New", "open", "PT2M"),
            (changed.Text("title"), changed.Text("state"), changed.Text("paymentWindow")));

        var order = (await shop.NewBuyer().ClaimAsync(sale)).Is(201).Json;
        Assert.Equal(TimeSpan.FromMinutes(2),
            order.GetProperty("expiresAt").GetDateTimeOffset() - order.GetProperty("reservedAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("""{"title":null}""", "#/title")]
    [InlineData("""{"price":null}""", "#/price")]
    [InlineData("""{"price":{"currency":null}}""", "#/price/currency")]
    [InlineData("""{"price":{"amount":-1}}""", "#/price/amount")]
    [InlineData("""{"price":{"vat":1}}""", "#/price/vat")]
    [InlineData("""{"price":5}""", "#/price")]
    [InlineData("""{"title":{"a":null}}""", "#/title")]
    [InlineData("""{"closesAt":"2001-01-01T00:00:00Z"}""", "#/closesAt")]
    [InlineData("""{"opensAt":"2998-01-01T00:00:00Z"}""", "#/closesAt")]
    [InlineData("""{"opensAt":"soon","paymentWindow":"PT0S"}""", "#/opensAt", "#/paymentWindow")]
    [InlineData("""{"quantity":9}""", "#/quantity")]
    [InlineData("""{"id":"other"}""", "#/id")]
    [InlineData("""{"state":"closed"}""", "#/state")]
    [InlineData("""{"title":"a","title":"b"}""", "#/title")]
    [InlineData("[]", "#")]
    [InlineData("null", "#")]
    public async Task A_change_that_is_not_right_is_pointed_at(string patch, params string[] pointers)
    {
        var sale = await shop.NewSaleAsync(
            new Terms(5) { OpensIn = TimeSpan.FromHours(1), ClosesIn = TimeSpan.FromHours(2) });

        (await shop.Api.PatchAsync(sale, await TagAsync(sale), patch)).PointsAt(pointers);

        Assert.Equal(1, (await shop.Api.SaleAsync(sale)).Number("revision"));
    }

    [Fact]
    public async Task Whoever_changes_a_sale_says_which_one_they_have_seen()
    {
        var sale = await ScheduledAsync();
        var first = await TagAsync(sale);
        (await shop.Api.PatchAsync(sale, seen: null, """{"title":"x"}""")).IsProblem(428, "precondition-required");
        (await shop.Api.PatchAsync(sale, first, """{"title":"First"}""")).Is(200);

        foreach (var seen in new[] { first, $"W/{await TagAsync(sale)}", "\"2\"", "2-0", "\"-\"", "\"x-1\"", "" })
        {
            var stale = await shop.Api.PatchAsync(sale, seen, """{"title":"Second"}""");
            Assert.Equal(2, stale.IsProblem(412, "precondition-failed").Number("revision"));
        }

        Assert.Equal("First", (await shop.Api.SaleAsync(sale)).Text("title"));
        (await shop.Api.PatchAsync(sale, $"{first}, {await TagAsync(sale)}", """{"title":"Third"}""")).Is(200);
        (await shop.Api.PatchAsync(sale, "*", """{"title":"Fourth"}""")).Is(200);
    }

    [Fact]
    public async Task Units_that_were_sold_meanwhile_do_not_make_a_tag_stale()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        var seen = await TagAsync(sale);
        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);
        Assert.NotEqual(seen, await TagAsync(sale));

        (await shop.Api.PatchAsync(sale, seen, """{"title":"New"}""")).Is(200);
    }

    [Fact]
    public async Task Of_many_changes_made_from_one_revision_one_is_done()
    {
        var sale = await ScheduledAsync();
        var seen = await TagAsync(sale);

        var answers = await Rush.AtOnceAsync(
            20, n => shop.Api.PatchAsync(sale, seen, $$"""{"title":"Title {{n}}"}"""));

        var done = Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Except([done]), answer => answer.IsProblem(412, "precondition-failed"));
        Assert.Equal(done.Text("title"), (await shop.Api.SaleAsync(sale)).Text("title"));
    }

    [Fact]
    public async Task A_patch_is_an_operators_json_and_nothing_else()
    {
        var sale = await ScheduledAsync();
        var other = (await shop.Api.PatchAsync(sale, await TagAsync(sale), "title=x", "text/plain"))
            .IsProblem(415, "unsupported-media-type");
        Assert.Equal("application/merge-patch+json", other.Header("Accept-Patch"));
        (await shop.Api.PatchAsync(sale, await TagAsync(sale), "{")).IsProblem(400, "malformed-request");
        (await shop.Api.PatchAsync("no-such-sale", "*", "{}")).IsProblem(404, "sale-not-found");
        var call = new Call(HttpMethod.Patch, $"/v1/sales/{sale}") { Body = "{}" };
        (await shop.Api.SendAsync(call)).IsProblem(401, "unauthenticated");
        (await shop.Api.SendAsync(call with { Token = shop.NewBuyer().Jwt })).IsProblem(403, "forbidden");
        var allow = (await shop.Api.SendAsync(new Call(HttpMethod.Put, $"/v1/sales/{sale}"))).Header("Allow");
        Assert.Equal("GET, HEAD, PATCH", allow);
    }

    private Task<string> ScheduledAsync() => shop.NewSaleAsync(new Terms(5) { OpensIn = TimeSpan.FromHours(1) });

    private async Task<string> TagAsync(string sale) => (await shop.Api.SaleAsync(sale)).Header("ETag")!;
}
