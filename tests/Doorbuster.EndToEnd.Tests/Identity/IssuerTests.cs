using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Identity;

/// <summary>Tokens of a shop's own OpenID Connect issuer say who buys and who operates, and no others do.</summary>
public sealed class IssuerTests : IAsyncLifetime
{
    private const string Audience = "the-shop";

    private Issuer _issuer = null!;
    private TurnedShop _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await Issuer.StartAsync();
        _shop = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task The_issuers_operator_creates_a_sale_and_its_buyer_has_an_order_of_its_own()
    {
        var anna = await _issuer.TokenAsync("anna", Audience);
        var bert = await _issuer.TokenAsync("bert", Audience);
        var sale = await CreateSaleAsync(await _issuer.TokenAsync("boss", Audience, ("role", "operator")));

        var token = (await _shop.Api.PostAsync($"/v1/sales/{sale}/purchase-tokens", anna)).Is(201).Text("token");
        var order = (await _shop.Api.PostAsync(
            $"/v1/sales/{sale}/orders", token: null, """{"quantity":1}""", ("Purchase-Token", token))).Is(201);

        (await _shop.Api.GetAsync($"/v1/orders/{order.Text("id")}", anna)).Is(200);
        (await _shop.Api.GetAsync($"/v1/orders/{order.Text("id")}", bert)).IsProblem(404, "order-not-found");
        (await TryCreateAsync(anna)).IsProblem(403, "forbidden");
    }

    [Fact]
    public async Task Roles_are_read_from_the_claim_that_the_settings_name()
    {
        await using var shop = await OpenAsync(("Doorbuster:Identity:RoleClaim", "groups"));
        var named = await _issuer.TokenAsync("boss", Audience, ("groups", "operator"));
        var other = await _issuer.TokenAsync("boss", Audience, ("role", "operator"));

        (await TryCreateAsync(named, shop)).Is(201);
        (await TryCreateAsync(other, shop)).IsProblem(403, "forbidden");
    }

    [Fact]
    public async Task Tokens_for_others_of_others_and_signed_otherwise_are_refused()
    {
        await using var other = await Issuer.StartAsync();
        var claims = Jwt.Payload("boss", new() { ["role"] = "operator", ["aud"] = Audience });
        claims["iss"] = _issuer.Address.ToString();
        string[] forged =
        [
            await _issuer.TokenAsync("boss", "another-shop", ("role", "operator")),
            await other.TokenAsync("boss", Audience, ("role", "operator")),
            Jwt.Sign(claims),
            Jwt.Sign(claims, key: await _issuer.KeysAsync()),
            Jwt.Unsigned(claims, """{"alg":"none","typ":"JWT"}"""),
        ];
        foreach (var token in forged)
        {
            var refused = await TryCreateAsync(token);

            refused.IsProblem(401, "unauthenticated");
            Assert.Equal("Bearer error=\"invalid_token\"", refused.Header("WWW-Authenticate"));
        }

        var expired = await _issuer.TokenAsync("boss", Audience, ("role", "operator"));
        (await TryCreateAsync(expired)).Is(201);
        _shop.Clock.Advance(TimeSpan.FromMinutes(6));
        (await TryCreateAsync(expired)).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task While_the_issuer_is_away_nobody_is_called_a_forger()
    {
        var token = await _issuer.TokenAsync("boss", Audience, ("role", "operator"));
        await _issuer.VanishAsync();
        await using var shop = await OpenAsync();

        var refused = await TryCreateAsync(token, shop);

        refused.IsProblem(503, "busy");
        Assert.InRange(refused.RetryAfterSeconds(), 1, 60);
        await _issuer.AppearAsync();
        var fresh = await _issuer.TokenAsync("boss", Audience, ("role", "operator"));
        await Answers.UntilAsync(
            "the issuer was heard", () => TryCreateAsync(fresh, shop), answer => answer.Status != 503);
        (await TryCreateAsync(fresh, shop)).Is(201);
    }

    [Fact]
    public async Task Once_its_keys_are_known_the_issuer_may_be_away_and_come_back_with_new_ones()
    {
        var old = await _issuer.TokenAsync("boss", Audience, ("role", "operator"));
        (await TryCreateAsync(old)).Is(201);
        await _issuer.VanishAsync();
        (await TryCreateAsync(old)).Is(201);
        await _issuer.AppearAsync();
        var fresh = await _issuer.TokenAsync("boss", Audience, ("role", "operator"));

        // Whoever signs with a key that was not published before is refused until it has been fetched.
        await Answers.UntilAsync("the new key was known", () => TryCreateAsync(fresh), answer => answer.Status != 401);

        (await TryCreateAsync(fresh)).Is(201);
    }

    private Task<TurnedShop> OpenAsync(params (string Name, string Value)[] settings) => TurnedShop.OpenAsync(
        new Dictionary<string, string?>(
            settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
        {
            ["Doorbuster:Identity:SigningKey"] = null,
            ["Doorbuster:Identity:Authority"] = _issuer.Address.ToString(),
            ["Doorbuster:Identity:Audience"] = Audience,
        });

    private async Task<string> CreateSaleAsync(string token) => (await TryCreateAsync(token)).Is(201).Text("id");

    private Task<Answer> TryCreateAsync(string token, TurnedShop? shop = null)
    {
        // The issuer's tokens begin by its own clock, which went on.
        var clock = (shop ?? _shop).Clock;
        var late = DateTimeOffset.UtcNow - clock.GetUtcNow();
        clock.Advance(late > TimeSpan.Zero ? late : TimeSpan.Zero);
        return (shop ?? _shop).Api.PostAsync("/v1/sales", token, new Terms(1).ToJson().ToJsonString());
    }
}
