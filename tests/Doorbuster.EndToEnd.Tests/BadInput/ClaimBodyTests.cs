using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>Claims that are JSON, and claim nothing that can be claimed.</summary>
public sealed class ClaimBodyTests(OpenShop shop)
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("0.999999999999999999999")]
    [InlineData("1e-400")]
    [InlineData("1e400")]
    [InlineData("-2147483648")]
    [InlineData("2147483648")]
    [InlineData("4294967297")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551617")]
    [InlineData("100000000000000000000000000000000000000000000001")]
    [InlineData("\"1\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("{\"quantity\":1}")]
    public async Task A_quantity_that_is_none_is_pointed_at(string quantity) =>
        await RefusesAsync($$"""{"quantity":{{quantity}}}""", "#/quantity");

    [Theory]
    [InlineData("""{"Quantity":1}""", "#/Quantity")]
    [InlineData("""{"quantity":1,"price":0}""", "#/price")]
    [InlineData("""{"quantity":1,"buyerId":"someone-else"}""", "#/buyerId")]
    [InlineData("""{"a":1,"b":[{"c":{}}],"quantity":-1}""", "#/a", "#/b", "#/quantity")]
    [InlineData("""{"":1}""", "#/")]
    [InlineData("""{"a/b~c":1}""", "#/a~1b~0c")]
    [InlineData("""{"quantity":1,"quantity":1}""", "#/quantity")]
    [InlineData("""{"\u0071uantity":1,"quantity":2}""", "#/quantity")]
    public async Task A_field_that_no_claim_has_is_pointed_at(string body, params string[] pointers) =>
        await RefusesAsync(body, pointers);

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"quantity\":1}]")]
    [InlineData("1")]
    [InlineData("\"quantity\"")]
    [InlineData("null")]
    [InlineData("true")]
    public async Task A_body_that_is_no_object_is_refused(string body) => await RefusesAsync(body, "#");

    [Fact]
    public async Task A_thousand_unknown_fields_are_answered_with_a_few_of_them()
    {
        var (sale, token) = await NewClaimAsync();
        var body = $"{{{string.Join(',', Enumerable.Range(0, 1_000).Select(n => $"\"f{n}\":{n}"))}}}";

        var answer = await shop.Api.PostAsync($"/v1/sales/{sale}/orders", null, body, token);

        answer.IsProblem(422, "invalid-request");
        Assert.InRange(answer.Json.GetProperty("errors").GetArrayLength(), 1, 100);
    }

    private async Task RefusesAsync(string body, params string[] pointers)
    {
        var (sale, token) = await NewClaimAsync();

        var answer = await shop.Api.PostAsync($"/v1/sales/{sale}/orders", null, body, token);

        answer.PointsAt(pointers);
        Assert.Equal(5, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    private async Task<(string Sale, (string, string) Token)> NewClaimAsync()
    {
        var sale = await shop.NewSaleAsync(new Terms(5) { PerBuyerLimit = 5 });
        return (sale, ("Purchase-Token", await shop.NewBuyer().TokenAsync(sale)));
    }
}
