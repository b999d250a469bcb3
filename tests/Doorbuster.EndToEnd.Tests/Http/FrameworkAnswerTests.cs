using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>What the web framework would answer by itself is told in our words too.</summary>
public sealed class FrameworkAnswerTests(OpenShop shop)
{
    private const int MaxBody = 16 * 1024;

    [Theory]
    [InlineData("PUT", "/v1/sales", "GET, POST")]
    [InlineData("DELETE", "/v1/sales", "GET, POST")]
    [InlineData("DELETE", "/v1/sales/any", "GET")]
    [InlineData("POST", "/v1/sales/any", "GET")]
    [InlineData("GET", "/v1/sales/any/purchase-tokens", "POST")]
    [InlineData("GET", "/v1/sales/any/orders", "POST")]
    [InlineData("POST", "/v1/sales/any/audit", "GET")]
    [InlineData("POST", "/v1/orders", "GET")]
    [InlineData("DELETE", "/v1/orders/any.00000000000000000000000000", "GET")]
    [InlineData("POST", "/health/live", "GET")]
    [InlineData("POST", "/health/ready", "GET")]
    [InlineData("POST", "/problems/sold-out", "GET")]
    [InlineData("BREW", "/v1/sales/any", "GET")]
    public async Task A_method_that_an_address_does_not_know_is_told_those_it_knows(
        string method, string path, string allow)
    {
        var answer = await shop.Api.SendAsync(new Call(new HttpMethod(method), path) { Token = Jwt.ForOperator() });

        answer.IsProblem(405, "method-not-allowed");
        var known = answer.Header("Allow")!.Split(',', StringSplitOptions.TrimEntries);
        Assert.True(allow.Split(", ").All(known.Contains), answer.ToString());
        Assert.DoesNotContain(method, known);
    }

    [Theory]
    [InlineData("post", "POST")]
    [InlineData("Patch", "PATCH")]
    [InlineData("get", "GET, HEAD")]
    public async Task The_case_of_a_method_counts(string method, string known)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var path = known == "POST" ? $"/v1/sales/{sale}/close" : $"/v1/sales/{sale}";
        using var wire = await Wire.ConnectAsync(shop.Api.Address);

        await wire.SendAsync(
            Wire.Request(method, path, body: null, ("Authorization", $"Bearer {Jwt.ForOperator()}")));

        var answer = (await wire.ReadAnswerAsync()).IsProblem(405, "method-not-allowed");
        Assert.Contains(known, answer.Header("Allow"), StringComparison.Ordinal);
        Assert.Equal("open", (await shop.Api.SaleAsync(sale)).Text("state"));
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/v2/sales")]
    [InlineData("/v1/sales/a/b/c")]
    [InlineData("/health")]
    [InlineData("/problems")]
    [InlineData("/problems/no-such-problem")]
    [InlineData("/v1/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/appsettings.json")]
    public async Task An_address_of_nothing_is_not_found(string path) =>
        (await shop.Api.GetAsync(path)).IsProblem(404, "not-found");

    [Theory]
    [InlineData(MaxBody + 1)]
    [InlineData(MaxBody * 8)]
    public async Task A_body_above_16_KiB_is_too_large(int bytes)
    {
        var body = new string(' ', bytes - 2) + "{}";
        var (sale, token) = await NewClaimAsync();

        (await shop.Api.PostAsync("/v1/sales", Jwt.ForOperator(), body)).IsProblem(413, "payload-too-large");
        (await shop.Api.PostAsync($"/v1/sales/{sale}/orders", null, body, token)).IsProblem(413, "payload-too-large");

        Assert.Equal(1, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    [Fact]
    public async Task A_body_of_16_KiB_is_read()
    {
        var (sale, token) = await NewClaimAsync();
        var body = new string(' ', MaxBody - 2) + "{}";

        (await shop.Api.PostAsync($"/v1/sales/{sale}/orders", null, body, token)).Is(201);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonp")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("not a type")]
    public async Task A_body_that_is_not_said_to_be_JSON_is_not_read(string? contentType)
    {
        var (sale, token) = await NewClaimAsync();
        var claim = new Call(HttpMethod.Post, $"/v1/sales/{sale}/orders")
        {
            Body = "{}",
            ContentType = contentType,
            Headers = [token],
        };
        var creation = new Call(HttpMethod.Post, "/v1/sales")
        {
            Body = new Terms(1).ToJson().ToJsonString(),
            ContentType = contentType,
            Token = Jwt.ForOperator(),
        };

        (await shop.Api.SendAsync(claim)).IsProblem(415, "unsupported-media-type");
        (await shop.Api.SendAsync(creation)).IsProblem(415, "unsupported-media-type");

        Assert.Equal(1, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json;charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    public async Task JSON_may_be_spelled_in_any_way(string contentType)
    {
        var (sale, token) = await NewClaimAsync();
        var call = new Call(HttpMethod.Post, $"/v1/sales/{sale}/orders")
        {
            Body = "{}",
            ContentType = contentType,
            Headers = [token],
        };

        (await shop.Api.SendAsync(call)).Is(201);
    }

    private async Task<(string Sale, (string, string) Token)> NewClaimAsync()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        return (sale, ("Purchase-Token", await shop.NewBuyer().TokenAsync(sale)));
    }
}
