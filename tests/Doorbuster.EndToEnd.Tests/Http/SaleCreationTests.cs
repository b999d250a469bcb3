using System.Text.Json;
using System.Text.Json.Nodes;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>POST /v1/sales, but for its terms, which <see cref="SaleTermsTests"/> has.</summary>
public sealed class SaleCreationTests(OpenShop shop)
{
    [Fact]
    public async Task A_created_sale_is_answered_with_its_place_and_all_its_terms()
    {
        var id = shop.Name("sale");
        var body = new JsonObject
        {
            ["id"] = id,
            ["title"] = "Läufer „Blitz“ 秒杀 <b>&'",
            ["description"] = "Line one\nLine two",
            ["imageUrl"] = "https://example.com/a.png?b=c&d",
            ["quantity"] = 100_000_000,
            ["price"] = new JsonObject { ["amount"] = 0, ["currency"] = "JPY" },
            ["opensAt"] = "2030-01-31T09:15:30.250+01:00",
            ["closesAt"] = "2030-02-01T00:00:00Z",
            ["perBuyerLimit"] = 7,
            ["paymentWindow"] = "PT1H30M",
            ["requirePurchaseToken"] = false,
        };

        var created = (await CreateAsync(body)).Is(201);

        Assert.Equal($"/v1/sales/{id}", created.Header("Location"));
        var read = (await shop.Api.GetAsync(created.Header("Location")!)).Is(200);
        foreach (var answer in new[] { created, read })
        {
            body["opensAt"] = "2030-01-31T08:15:30.250Z";
            body["closesAt"] = "2030-02-01T00:00:00.000Z";
            var json = JsonNode.Parse(answer.Body)!.AsObject();
            Assert.All(body, term => Assert.True(JsonNode.DeepEquals(term.Value, json[term.Key]), $"{term} {answer}"));
            Assert.Equal(("scheduled", 100_000_000, false, 1), (
                (string)json["state"]!, (int)json["available"]!, (bool)json["soldOut"]!, (int)json["revision"]!));
            Assert.True(DateTimeOffset.UtcNow - json["now"]!.GetValue<DateTimeOffset>() < TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task Terms_that_are_left_out_are_those_of_the_contract()
    {
        var body = new JsonObject
        {
            ["title"] = "Barely described",
            ["quantity"] = 1,
            ["price"] = new JsonObject { ["amount"] = 1, ["currency"] = "EUR" },
            ["opensAt"] = "2030-01-31T08:15:30Z",
        };

        var sale = (await CreateAsync(body)).Is(201).Json;

        Assert.Matches("^[a-z0-9][a-z0-9-]{0,63}$", sale.GetProperty("id").GetString()!);
        Assert.Equal(1, sale.GetProperty("perBuyerLimit").GetInt32());
        Assert.Equal("PT10M", sale.GetProperty("paymentWindow").GetString());
        Assert.True(sale.GetProperty("requirePurchaseToken").GetBoolean());
        Assert.All(
            new[] { "description", "imageUrl", "closesAt" },
            name => Assert.Equal(JsonValueKind.Null, sale.GetProperty(name).ValueKind));
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused_and_the_first_sale_stands()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));

        (await CreateAsync(new Terms(9) { Id = sale }.ToJson())).IsProblem(409, "sale-exists");

        Assert.Equal(5, (await shop.Api.SaleAsync(sale)).Number("quantity"));
    }

    [Fact]
    public async Task One_id_claimed_by_twenty_calls_at_once_becomes_one_sale()
    {
        var id = shop.Name("sale");

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(n => CreateAsync(new Terms(n) { Id = id }.ToJson())));

        var winner = Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer != winner), answer => answer.IsProblem(409, "sale-exists"));
        var audit = await Audit.OfAsync(shop.Api, id);
        Assert.Equal(winner.Number("quantity"), audit.Quantity);
    }

    private Task<Answer> CreateAsync(JsonObject body) =>
        shop.Api.PostAsync("/v1/sales", Jwt.ForOperator(), body.ToJsonString());
}
