using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>Who may call what.</summary>
public sealed class IdentityTests(OpenShop shop)
{
    private const string NewSale = """{"title":"a","quantity":1}""";

    public static TheoryData<string, string, string?> OperatorCalls => new()
    {
        { "POST", "/v1/sales", NewSale },
        { "GET", "/v1/sales/{sale}/audit", null },
    };

    public static TheoryData<string, string, string?> SignedInCalls => new()
    {
        { "POST", "/v1/sales/{sale}/purchase-tokens", null },
        { "GET", "/v1/orders/{sale}.00000000000000000000000000", null },
        { "GET", "/v1/orders?saleId={sale}", null },
    };

    public static TheoryData<string, string> Strangers
    {
        get
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var good = Jwt.Payload("anna", new() { ["role"] = "operator" });
            var genuine = Jwt.Sign(good);
            var parts = genuine.Split('.');
            return new()
            {
                { "no token at all", "" },
                { "another scheme", "Basic YTpi" },
                { "a scheme alone", "Bearer" },
                { "no token after the scheme", "Bearer " },
                { "two tokens", $"Bearer {genuine} {genuine}" },
                { "no token of ours", "Bearer abc" },
                { "empty parts", "Bearer .." },
                { "no JSON", $"Bearer {Jwt.SignText("not json")}" },
                { "no object", $"Bearer {Jwt.SignText("[]")}" },
                { "another key", $"Bearer {Jwt.Sign(good, Keys.Foreign)}" },
                { "a cut signature", $"Bearer {genuine[..^2]}" },
                { "no signature", $"Bearer {parts[0]}.{parts[1]}." },
                { "another's signature", $"Bearer {parts[0]}.{Jwt.Sign(Jwt.Payload("b")).Split('.')[1]}.{parts[2]}" },
                { "alg none", $"Bearer {Jwt.Unsigned(good, """{"alg":"none","typ":"JWT"}""")}" },
                { "alg NoNe", $"Bearer {Jwt.Unsigned(good, """{"alg":"NoNe"}""")}" },
                { "alg none, signed", $"Bearer {Jwt.Sign(good, header: """{"alg":"none"}""")}" },
                { "no alg", $"Bearer {Jwt.Sign(good, header: """{"typ":"JWT"}""")}" },
                { "alg RS256, signed with the secret", $"Bearer {Jwt.Sign(good, header: """{"alg":"RS256"}""")}" },
                { "alg HS512 over a SHA-256", $"Bearer {Jwt.Sign(good, header: """{"alg":"HS512"}""")}" },
                { "expired", $"Bearer {Jwt.Sign(Jwt.Payload("anna", new() { ["exp"] = now - 3_600 }))}" },
                { "not yet valid", $"Bearer {Jwt.Sign(Jwt.Payload("anna", new() { ["nbf"] = now + 3_600 }))}" },
                { "never expires", $"Bearer {Jwt.SignText("""{"sub":"anna","role":"operator"}""")}" },
                { "expiry in words", $"Bearer {Jwt.SignText("""{"sub":"anna","exp":"tomorrow"}""")}" },
                { "expiry beyond all time", $"Bearer {Jwt.SignText("""{"sub":"anna","exp":1e300}""")}" },
                { "a very long token", $"Bearer {new string('a', 12_000)}" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(OperatorCalls))]
    public async Task A_buyer_may_not_make_an_operators_call(string method, string path, string? body)
    {
        foreach (var token in new[]
        {
            shop.NewBuyer().Jwt,
            Jwt.Sign(Jwt.Payload("anna", new() { ["role"] = "buyer" })),
            Jwt.Sign(Jwt.Payload("anna", new() { ["role"] = "Operator" })),
            Jwt.Sign(Jwt.Payload("anna", new() { ["roles"] = "operator" })),
            Jwt.Sign(Jwt.Payload("operator")),
        })
        {
            (await CallAsync(method, path, body, $"Bearer {token}")).IsProblem(403, "forbidden");
        }
    }

    [Theory]
    [MemberData(nameof(OperatorCalls))]
    [MemberData(nameof(SignedInCalls))]
    public async Task A_call_without_a_token_asks_for_one(string method, string path, string? body)
    {
        var answer = (await CallAsync(method, path, body, "")).IsProblem(401, "unauthenticated");

        Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_claim_that_needs_no_purchase_token_asks_for_a_token()
    {
        var sale = await shop.NewSaleAsync(new Terms(1) { RequirePurchaseToken = false });

        var answer = (await shop.Api.PostAsync($"/v1/sales/{sale}/orders")).IsProblem(401, "unauthenticated");

        Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_token_that_is_not_genuine_signs_nobody_in(string what, string authorization)
    {
        (string, string, string?)[] calls =
        [
            ("POST", "/v1/sales", NewSale), ("POST", "/v1/sales/{sale}/purchase-tokens", null),
        ];

        foreach (var (method, path, body) in calls)
        {
            var answer = await CallAsync(method, path, body, authorization);
            Assert.True(answer.Status == 401, $"{what}: {answer}");
            answer.IsProblem(401, "unauthenticated");
            Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\u001b[31m")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    [InlineData("129 bytes", 129)]
    [InlineData("more bytes than characters", 65, "é")]
    public async Task A_token_that_names_no_possible_buyer_buys_nothing(
        string? subject, int repeated = 0, string of = "a")
    {
        var name = repeated > 0 ? string.Concat(Enumerable.Repeat(of, repeated)) : subject;
        var sale = await shop.NewSaleAsync(new Terms(1) { RequirePurchaseToken = false });
        var token = Jwt.Sign(Jwt.Payload(name));

        foreach (var call in new[] { "purchase-tokens", "orders" })
        {
            var answer = await shop.Api.PostAsync($"/v1/sales/{sale}/{call}", token);
            Assert.True(answer.Status is 401 or 403 && answer.Problem is not null, answer.ToString());
        }

        Assert.Equal(1, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    [Theory]
    [InlineData("a", 128)]
    [InlineData("é", 64)]
    [InlineData("秒", 42)]
    [InlineData("a b|c@d.e/\\\"'<>", 1)]
    public async Task A_buyers_name_of_up_to_128_bytes_is_kept_as_it_is(string of, int repeated)
    {
        var buyer = shop.Server.Buyer(string.Concat(Enumerable.Repeat(of, repeated)));
        var sale = await shop.NewSaleAsync(new Terms(1));

        var order = (await buyer.ClaimAsync(sale)).Is(201).Text("id");

        (await buyer.ReadAsync(order)).Is(200);
        Assert.Equal(buyer.Id, (await shop.Api.GetAsync($"/v1/orders/{order}", Jwt.ForOperator())).Text("buyerId"));
    }

    private async Task<Answer> CallAsync(string method, string path, string? body, string authorization)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        return await shop.Api.SendAsync(
            new Call(new HttpMethod(method), path.Replace("{sale}", sale, StringComparison.Ordinal))
            {
                Body = body,
                Headers = authorization.Length == 0 ? [] : [("Authorization", authorization)],
            });
    }
}
