using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>Which pages of other origins a browser lets call, and read the answers.</summary>
public sealed class CorsTests(CorsTests.ShopWithPages shop) : IClassFixture<CorsTests.ShopWithPages>
{
    private const string Shop = "https://shop.example.com";
    private const string App = "http://localhost:5173";

    public static TheoryData<string, string?> Strangers => new()
    {
        { "no page", null },
        { "another name", "https://evil.example" },
        { "another scheme", "http://shop.example.com" },
        { "another port", "https://shop.example.com:8443" },
        { "a name that only begins alike", "https://shop.example.com.evil.example" },
        { "other letters", "https://SHOP.example.com" },
        { "a page without an origin", "null" },
        { "several at once", $"{Shop} {App}" },
    };

    private Api Api => shop.Server.Api;

    [Theory]
    [InlineData(Shop)]
    [InlineData(App)]
    public async Task A_page_of_a_listed_origin_reads_every_answer_and_the_headers_of_the_contract(string origin)
    {
        var sale = await shop.Server.CreateSaleAsync(new Terms(1));
        var token = await shop.Server.Buyer("anna").TokenAsync(sale);
        (string, string) from = ("Origin", origin);

        Answer[] answers =
        [
            await Api.GetAsync($"/v1/sales/{sale}", null, from),
            await Api.PostAsync($"/v1/sales/{sale}/orders", null, "{}", from, ("Purchase-Token", token)),
            await Api.PostAsync($"/v1/sales/{sale}/orders", null, "{}", from),
            await Api.GetAsync("/v1/orders/none", null, from),
            await Api.PostAsync($"/v1/sales/{sale}", null, null, from),
            await Api.GetAsync("/problems/sold-out", null, from),
        ];

        Assert.Equal([200, 201, 403, 401, 405, 200], answers.Select(answer => answer.Status));
        Assert.All(answers, answer =>
        {
            Assert.Equal(origin, answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal(
                "Location, Retry-After, ETag, Date, Preference-Applied",
                answer.Header("Access-Control-Expose-Headers"));
            Assert.Contains("Origin", answer.Header("Vary"), StringComparison.Ordinal);
            Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        });
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Others_are_answered_as_ever_and_no_cache_mixes_them_up(string _, string? origin)
    {
        (string, string)[] from = origin is null ? [] : [("Origin", origin)];

        var answer = (await Api.GetAsync("/v1/sales", null, from)).Is(200);

        Assert.DoesNotContain(answer.Headers.Keys, IsGrant);
        Assert.Equal("Origin", answer.Header("Vary"));
    }

    [Theory]
    [InlineData("/v1/sales", "GET, HEAD, POST")]
    [InlineData("/v1/sales/any/orders", "POST")]
    [InlineData("/v1/orders/any", "GET, HEAD")]
    public async Task A_preflight_is_told_what_a_page_may_send(string path, string methods)
    {
        var answer = await PreflightAsync(path, Shop);

        Assert.Equal((204, ""), (answer.Status, answer.Body));
        Assert.Equal(Shop, answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal(methods, answer.Header("Access-Control-Allow-Methods"));
        var headers = answer.Header("Access-Control-Allow-Headers")!.Split(", ");
        Assert.Superset(
            new HashSet<string>
            {
                "Authorization", "Content-Type", "Purchase-Token", "Idempotency-Key", "Prefer", "If-Match",
            },
            headers.ToHashSet());
        Assert.Equal("7200", answer.Header("Access-Control-Max-Age"));
        Assert.Equal("Origin", answer.Header("Vary"));
    }

    [Fact]
    public async Task A_preflight_of_another_origin_is_granted_nothing()
    {
        var answer = await PreflightAsync("/v1/sales", "https://evil.example");

        Assert.Equal((204, ""), (answer.Status, answer.Body));
        Assert.DoesNotContain(answer.Headers.Keys, IsGrant);
        Assert.Equal("Origin", answer.Header("Vary"));
    }

    [Fact]
    public async Task What_is_no_preflight_is_a_method_that_is_not_known()
    {
        var options = new Call(HttpMethod.Options, "/v1/sales") { Headers = [("Origin", Shop)] };

        (await Api.SendAsync(options)).IsProblem(405, "method-not-allowed");
    }

    [Fact]
    public async Task A_header_that_varies_for_another_reason_still_does()
    {
        var page = await Api.GetAsync("/problems/sold-out");

        Assert.Equal("Accept, Origin", page.Header("Vary"));
    }

    private static bool IsGrant(string header) => header.StartsWith("Access-Control-", StringComparison.Ordinal);

    [Theory]
    [InlineData(Shop, 101)]
    [InlineData("https://evil.example", 403)]
    public async Task A_WebSocket_is_opened_by_pages_of_listed_origins_alone(string origin, int status)
    {
        var sale = await shop.Server.CreateSaleAsync(new Terms(1));
        using var wire = await Wire.ConnectAsync(Api.Address);
        await wire.SendAsync(Wire.Request(
            "GET", $"/v1/sales/{sale}/live", null, ("Origin", origin), ("Connection", "Upgrade"),
            ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "MDEyMzQ1Njc4OUFCQ0RFRg==")));

        Assert.Equal(status, (await wire.ReadAnswerAsync()).Status);
    }

    private Task<Answer> PreflightAsync(string path, string origin) => Api.SendAsync(new(HttpMethod.Options, path)
    {
        Headers = [("Origin", origin), ("Access-Control-Request-Method", "POST")],
    });

    /// <summary>A server that knows the origins of two pages.</summary>
    public sealed class ShopWithPages : IAsyncLifetime
    {
        private readonly DataDirectory _data = new();
        private Server? _server;

        internal Server Server => _server!;

        public async ValueTask InitializeAsync() => _server = await Server.StartAsync(new ServerPlan(_data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Cors:Origins:0"] = Shop,
                ["Doorbuster:Cors:Origins:1"] = App,
            },
        });

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }

            _data.Dispose();
        }
    }
}
