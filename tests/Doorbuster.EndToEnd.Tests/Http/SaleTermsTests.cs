using System.Text.Json.Nodes;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>What the terms of a sale may not be: a row a field, with the values that are refused.</summary>
public sealed class SaleTermsTests(OpenShop shop)
{
    private static readonly string Long = new('a', 65);

    public static TheoryData<string, string, string[]> Refused => new()
    {
        { "id", "#/id", ["\"Capital\"", "\"-a\"", "\"\"", "\"a/b\"", "\"a b\"", "\"ä\"", "\"a.b\""] },
        { "id", "#/id", [$"\"{Long}\"", "7", "true", "{}"] },
        { "title", "#/title", ["null", "\"\"", "7", "[]", $"\"{new string('x', 201)}\"", "\"a\\u0000b\""] },
        { "description", "#/description", ["7", "{}", $"\"{new string('x', 4_001)}\""] },
        { "imageUrl", "#/imageUrl", ["\"ftp://a/b\"", "\"javascript:alert(1)\"", "\"a.png\"", "\"\"", "7"] },
        { "quantity", "#/quantity", ["null", "0", "-1", "1.5", "1e99", "100000001", "2147483648", "\"1\"", "true"] },
        { "quantity", "#/quantity", ["9223372036854775808", "-9223372036854775809", "0.1", "[]", "{}", "-0.5"] },
        { "price", "#/price", ["null", "1999", "\"19.99\"", "[]"] },
        { "price", "#/price/amount", ["""{"currency":"EUR"}""", """{"amount":-1,"currency":"EUR"}"""] },
        { "price", "#/price/amount", ["""{"amount":1.5,"currency":"EUR"}""", """{"amount":1e30,"currency":"EUR"}"""] },
        { "price", "#/price/amount", ["""{"amount":"1","currency":"EUR"}""", """{"amount":null,"currency":"EUR"}"""] },
        { "price", "#/price/currency", ["""{"amount":1}""", """{"amount":1,"currency":"eur"}"""] },
        { "price", "#/price/currency", ["""{"amount":1,"currency":"EURO"}""", """{"amount":1,"currency":978}"""] },
        { "price", "#/price/vat", ["""{"amount":1,"currency":"EUR","vat":19}"""] },
        { "opensAt", "#/opensAt", ["null", "\"\"", "\"tomorrow\"", "\"2030-01-31\"", "\"2030-01-31T08:15:00\"", "0"] },
        { "opensAt", "#/opensAt", ["\"2030-02-30T00:00:00Z\"", "\"2030-01-31T25:00:00Z\""] },
        { "opensAt", "#/opensAt", ["\"10000-01-01T00:00:00Z\"", "\"2030-01-31 08:15:00Z\""] },
        { "closesAt", "#/closesAt", ["\"1999-12-31T00:00:00Z\"", "\"never\"", "false"] },
        { "perBuyerLimit", "#/perBuyerLimit", ["0", "-5", "1.5", "\"2\"", "99999999999"] },
        { "paymentWindow", "#/paymentWindow", ["\"10m\"", "\"PT0S\"", "\"P1Y\"", "\"PT\"", "600"] },
        { "paymentWindow", "#/paymentWindow", ["\"-PT10M\"", "\"PT9e9S\"", "\"PT999999999999S\"", "\"\""] },
        { "requirePurchaseToken", "#/requirePurchaseToken", ["\"true\"", "0", "[]"] },
        { "surprise", "#/surprise", ["1", "null"] },
        { "a/b~c", "#/a~1b~0c", ["1"] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_term_that_is_not_right_is_pointed_at(string field, string at, string[] values)
    {
        foreach (var value in values)
        {
            var body = new Terms(5) { Id = shop.Name("never") }.ToJson();
            body[field] = JsonNode.Parse(value);

            var answer = await shop.Api.PostAsync("/v1/sales", Jwt.ForOperator(), body.ToJsonString());

            answer.PointsAt(at);
        }
    }

    [Fact]
    public async Task Everything_that_is_not_right_is_named_at_once()
    {
        const string Body =
            """
            {"id":"UPPER","title":"","quantity":-1,"price":{"amount":-5,"currency":"euro","tax":1},
             "opensAt":"2030-01-01T00:00:00Z","closesAt":"2029-01-01T00:00:00Z","perBuyerLimit":0,"limit":3}
            """;

        var answer = await shop.Api.PostAsync("/v1/sales", Jwt.ForOperator(), Body);

        answer.PointsAt(
            "#/id", "#/title", "#/quantity", "#/price/amount", "#/price/currency", "#/price/tax", "#/closesAt",
            "#/perBuyerLimit", "#/limit");
    }

    [Theory]
    [InlineData("[]", "#")]
    [InlineData("\"a sale\"", "#")]
    [InlineData("null", "#")]
    [InlineData("{}", "#/opensAt", "#/price", "#/quantity", "#/title")]
    public async Task A_body_that_describes_no_sale_is_refused(string body, params string[] pointers)
    {
        var answer = await shop.Api.PostAsync("/v1/sales", Jwt.ForOperator(), body);

        answer.PointsAt(pointers);
    }

    [Fact]
    public async Task A_term_that_is_given_twice_is_refused()
    {
        var body = new Terms(5).ToJson().ToJsonString();
        body = $$"""{"quantity":1,{{body[1..]}}""";

        (await shop.Api.PostAsync("/v1/sales", Jwt.ForOperator(), body)).PointsAt("#/quantity");
    }
}
