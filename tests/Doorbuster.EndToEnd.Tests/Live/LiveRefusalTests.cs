using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>Who may not watch, and how that is said.</summary>
public sealed class LiveRefusalTests(OpenShop shop)
{
    private static readonly (string, string) Events = ("Accept", "text/event-stream");

    private static readonly (string, string)[] Handshake =
    [
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    [Fact]
    public async Task A_sale_that_is_not_there_cannot_be_watched()
    {
        (await AskAsync("nothing-here", Events)).IsProblem(404, "sale-not-found");
        (await AskAsync("nothing-here", Handshake)).IsProblem(404, "sale-not-found");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("text/html,application/xhtml+xml")]
    [InlineData("text/event-stream;q=0")]
    public async Task Who_asks_for_neither_way_is_told_both(string? accept)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));

        var answer = await AskAsync(sale, accept is null ? [] : [("Accept", accept)]);

        answer.IsProblem(426, "upgrade-required");
        Assert.Equal("websocket", answer.Header("Upgrade"));
        Assert.Equal("13", answer.Header("Sec-WebSocket-Version"));
        (await shop.Api.GetAsync("/problems/upgrade-required")).Is(200);
    }

    [Fact]
    public async Task Another_version_of_WebSocket_is_told_ours()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));

        var answer = await AskAsync(sale, [.. Handshake[..2], ("Sec-WebSocket-Version", "8"), Handshake[3]]);

        answer.IsProblem(426, "upgrade-required");
        Assert.Equal("13", answer.Header("Sec-WebSocket-Version"));
    }

    [Fact]
    public async Task Only_GET_watches()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));

        var posted = await shop.Api.PostAsync($"/v1/sales/{sale}/live", null, "{}", Events);
        posted.IsProblem(405, "method-not-allowed");
        Assert.Equal("GET, HEAD", posted.Header("Allow"));
        var head = await shop.Api.SendAsync(
            new Call(HttpMethod.Head, $"/v1/sales/{sale}/live") { Headers = [Events] });
        Assert.Equal((200, ""), (head.Status, head.Body));
        Assert.Equal("text/event-stream", head.Header("Content-Type"));
    }

    [Fact]
    public async Task A_token_that_is_not_good_is_refused_and_never_taken_for_none()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var other = await shop.NewSaleAsync(new Terms(1));
        var anna = shop.NewBuyer();
        string[] bad =
        [
            "", "nonsense", await anna.TokenAsync(other), PurchaseTokenForge.Expired(sale, anna.Id),
            PurchaseTokenForge.OfForeignKey(sale, anna.Id),
        ];
        foreach (var token in bad)
        {
            (await AskAsync(sale, Events, ("Purchase-Token", token))).IsProblem(403, "purchase-token-invalid");
            (await AskAsync(sale, [.. Handshake, ("Purchase-Token", token)])).IsProblem(403, "purchase-token-invalid");
            (await AskAsync($"{sale}/live?purchaseToken={token}", Events)).IsProblem(403, "purchase-token-invalid");
        }

        var good = await anna.TokenAsync(sale);
        (await AskAsync($"{sale}/live?purchaseToken={good}&purchaseToken={good}", Events))
            .IsProblem(403, "purchase-token-invalid");
        (await AskAsync(sale, Events, ("Authorization", "Bearer nonsense"))).IsProblem(401, "unauthenticated");
        (await AskAsync(sale, [.. Handshake, ("Authorization", "Basic YTpi")])).IsProblem(401, "unauthenticated");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_page_of_another_origin_opens_no_WebSocket(string origin)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));

        (await AskAsync(sale, [.. Handshake, ("Origin", origin)])).IsProblem(403, "forbidden");
    }

    [Fact]
    public async Task A_page_of_the_servers_own_origin_opens_a_WebSocket()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var own = shop.Api.Address.GetLeftPart(UriPartial.Authority);

        await using var socket = await LiveSocket.OpenAsync(
            shop.Api.Address, $"/v1/sales/{sale}/live", ("Origin", own));

        await socket.Log.ForAsync("snapshot");
    }

    [Fact]
    public async Task A_page_of_a_listed_origin_opens_a_WebSocket_and_reads_an_event_stream()
    {
        const string Origin = "https://shop.example.com";
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string> { ["Doorbuster:Cors:Origins:0"] = Origin },
        });
        var path = $"/v1/sales/{await server.CreateSaleAsync(new Terms(1))}/live";

        await using var socket = await LiveSocket.OpenAsync(server.Api.Address, path, ("Origin", Origin));
        await using var stream = await LiveStream.OpenAsync(server.Api.Address, path, ("Origin", Origin));

        await socket.Log.ForAsync("snapshot");
        Assert.Equal([Origin], stream.Head.Headers.GetValues("Access-Control-Allow-Origin"));
        (await server.Api.GetAsync(path, null, [.. Handshake, ("Origin", "https://evil.example")]))
            .IsProblem(403, "forbidden");
    }

    [Fact]
    public async Task One_watcher_more_than_allowed_is_told_to_come_back_and_finds_a_place_once_another_leaves()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Doorbuster:Limits:MaxWatchers"] = "3",
                ["Doorbuster:Limits:MaxWatchersPerSale"] = "2",
            },
        });
        var (sale, other) = (await server.CreateSaleAsync(new Terms(1)), await server.CreateSaleAsync(new Terms(1)));
        static string PathOf(string of) => $"/v1/sales/{of}/live";
        await using var first = await LiveSocket.OpenAsync(server.Api.Address, PathOf(sale));
        await using var second = await LiveStream.OpenAsync(server.Api.Address, PathOf(sale));
        (await server.Api.GetAsync(PathOf(sale), null, Events)).IsProblem(503, "busy");
        await using var third = await LiveSocket.OpenAsync(server.Api.Address, PathOf(other));
        (await server.Api.GetAsync(PathOf(other), null, Handshake)).IsProblem(503, "busy");

        await first.CloseAsync();

        await Waiting.UntilAsync("there was a place", async () => await IsInAsync(server.Api.Address, PathOf(other)));
    }

    private static async Task<bool> IsInAsync(Uri server, string path)
    {
        try
        {
            await using var stream = await LiveStream.OpenAsync(server, path);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Asks to watch a sale; a sale's id with a path behind it is taken as it is.</summary>
    private Task<Answer> AskAsync(string sale, params (string, string)[] headers) => shop.Api.GetAsync(
        sale.Contains('/', StringComparison.Ordinal) ? $"/v1/sales/{sale}" : $"/v1/sales/{sale}/live", null, headers);
}
