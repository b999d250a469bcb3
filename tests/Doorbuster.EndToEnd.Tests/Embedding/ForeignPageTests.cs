using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Embedding;

/// <summary>A page of another origin does nothing with a sign-in that the browser adds by itself.</summary>
public sealed class ForeignPageTests
{
    private const string Sales = $"{HostProgram.Prefix}/v1/sales";

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: what comes next")]
    [InlineData("Sec-Fetch-Site: cross-site", "Origin: {own}")]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: http://127.0.0.1")]
    [InlineData("Origin: null")]
    public async Task A_call_that_a_foreign_page_makes_is_refused(params string[] headers)
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);

        (await CreateAsync(host, headers)).IsProblem(403, "forbidden");

        (await host.Api.GetAsync($"{Sales}/lamp")).IsProblem(404, "sale-not-found");
    }

    [Theory]
    [InlineData]
    [InlineData("Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: none")]
    [InlineData("Origin: {own}")]
    [InlineData("Sec-Fetch-Site: cross-site", "Authorization: Host token")]
    public async Task A_call_of_the_shops_own_page_or_of_no_page_is_served(params string[] headers)
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);

        (await CreateAsync(host, headers)).Is(201);
    }

    [Fact]
    public async Task Reading_is_safe_unless_it_opens_a_socket()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);
        (await CreateAsync(host)).Is(201);
        (string, string)[] foreign = [("X-User", "owner"), ("Sec-Fetch-Site", "cross-site")];

        (await host.Api.GetAsync($"{Sales}/lamp/audit", null, foreign)).Is(200);
        (await host.Api.GetAsync($"{Sales}/lamp/audit", null, [.. foreign, ("Upgrade", "websocket")]))
            .IsProblem(403, "forbidden");
    }

    [Fact]
    public async Task A_claim_with_a_purchase_token_asks_for_no_sign_in_and_no_origin()
    {
        await using var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders);
        (await CreateAsync(host)).Is(201);
        var token = (await host.Api.PostAsync($"{Sales}/lamp/purchase-tokens", null, null, ("X-User", "anna"))).Is(201);

        (string, string)[] headers = [("Purchase-Token", token.Text("token")), ("Sec-Fetch-Site", "cross-site")];
        (await host.Api.PostAsync($"{Sales}/lamp/orders", null, "{}", headers)).Is(201);
    }

    private static Task<Answer> CreateAsync(HostProgram host, params string[] headers)
    {
        var own = host.Api.Address.GetLeftPart(UriPartial.Authority);
        var pairs = headers
            .Select(header => header.Replace("{own}", own, StringComparison.Ordinal).Split(": ", 2))
            .Select(pair => (pair[0], pair[1]));
        var terms = new Terms(1) { Id = "lamp" }.ToJson().ToJsonString();
        return host.Api.PostAsync(Sales, null, terms, [("X-User", "owner"), .. pairs]);
    }
}
