using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Contract;
using Doorbuster.EndToEnd.Tests.Crowds;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>GET /v1/live: what an operator's dashboard is told.</summary>
public sealed class BoardTests(OpenShop shop)
{
    private const string Path = "/v1/live";

    private static (string, string) Operator => ("Authorization", $"Bearer {Jwt.ForOperator()}");

    [Fact]
    public async Task It_is_the_operators_and_only_to_be_read()
    {
        (await shop.Api.GetAsync(Path)).IsProblem(401, "unauthenticated");
        (await shop.Api.GetAsync(Path, shop.NewBuyer().Jwt)).IsProblem(403, "forbidden");
        var post = (await shop.Api.PostAsync(Path, Jwt.ForOperator())).IsProblem(405, "method-not-allowed");
        Assert.Equal("GET, HEAD", post.Header("Allow"));
        (await shop.Api.GetAsync($"{Path}?saleId=nothing-here", Jwt.ForOperator())).IsProblem(404, "sale-not-found");
        (await shop.Api.GetAsync($"{Path}?saleId=", Jwt.ForOperator())).IsProblem(404, "sale-not-found");
    }

    [Fact]
    public async Task It_is_an_event_stream_that_begins_with_a_snapshot()
    {
        var sale = await shop.NewSaleAsync(new Terms(5));
        await using var stream = await LiveStream.OpenAsync(shop.Api.Address, $"{Path}?saleId={sale}", Operator);

        var snapshot = await stream.Log.ForAsync("snapshot");
        await stream.Log.ForAsync("figures");

        Assert.Equal("text/event-stream", $"{stream.Head.Content.Headers.ContentType}");
        Assert.Equal("no-store", $"{stream.Head.Headers.CacheControl}");
        Assert.Equal("snapshot", stream.Log.All[0].Message.GetProperty("type").GetString());
        Assert.Equal(["snapshot", "figures"], stream.Events.Take(2).Select(one => one.Type));
        Assert.NotNull(Find(snapshot, sale));
        foreach (var (_, message) in stream.Log.All)
        {
            Assert.Empty(ApiDocument.CheckedIn.Schemas.Violations(
                ApiDocument.CheckedIn.Resolve("#/components/schemas/BoardMessage"), message));
        }
    }

    [Fact]
    public async Task After_a_crowd_its_figures_are_the_audits_and_every_claim_is_counted()
    {
        var sale = await shop.NewSaleAsync(new Terms(30) { RequirePurchaseToken = false });
        await using var all = await LiveStream.OpenAsync(shop.Api.Address, Path, Operator);
        await using var stream = await LiveStream.OpenAsync(shop.Api.Address, $"{Path}?saleId={sale}", Operator);
        var crowd = Enumerable.Range(0, 100).Select(_ => shop.NewBuyer()).ToList();
        var answers = await Rush.AtOnceAsync(
            crowd.Count, n => shop.Api.PostAsync($"/v1/sales/{sale}/orders", crowd[n].Jwt));
        var order = answers.First(answer => answer.Status == 201).Text("id");
        var owner = crowd[answers.ToList().FindIndex(answer => answer.Status == 201)];
        var payment = (await owner.PayAsync(order)).Is(201).Text("paymentId");
        (await shop.Events.CaptureAsync(payment, order)).Is(200);
        await shop.Api.PostAsync($"/v1/sales/{sale}/orders", shop.NewBuyer().Jwt, """{"quantity":2}""");
        (await shop.Api.OperateAsync(sale, "pause")).Is(200);
        (await shop.Api.PostAsync($"/v1/sales/{sale}/orders", shop.NewBuyer().Jwt)).IsProblem(409, "sale-paused");
        var audit = await Audit.OfAsync(shop.Api, sale);

        var shown = await ShownAsync(stream, sale, one => one.GetProperty("lastAudit").ValueKind != JsonValueKind.Null);

        Assert.Equal(
            (audit.Quantity, audit.Available, audit.Reserved, audit.Sold, audit.Queued, audit.GateAvailable),
            (Number(shown, "quantity"), Number(shown, "available"), Number(shown, "reserved"), Number(shown, "sold"),
                Number(shown, "queued"), Number(shown, "gateAvailable")));
        Assert.Equal((29, 1), (audit.Reserved, audit.Sold));
        Assert.Equal(("paused", "open", true), (shown.GetProperty("state").GetString(),
            shown.GetProperty("gate").GetString(), shown.GetProperty("lawHolds").GetBoolean()));
        Assert.True(shown.GetProperty("lastAudit").GetProperty("lawHolds").GetBoolean());
        Assert.Equal(
            """{"total":102,"admitted":30,"replayed":0,"refused":{"buyer_limit":1,"paused":1,"sold_out":70}}""",
            shown.GetProperty("claims").GetRawText());
        await ShownAsync(all, sale, one => Number(one.GetProperty("claims"), "total") == 102);
        Assert.All(stream.Log.All, one => Assert.Equal(1, one.Message.GetProperty("sales").GetArrayLength()));
    }

    [Fact]
    public async Task A_server_that_stops_says_so_and_ends()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path));
        await using var stream = await LiveStream.OpenAsync(server.Api.Address, Path, Operator);
        using var stopped = await StoppedWatcher.OpenStreamAsync(server.Api.Address, Path, Operator);
        await stream.Log.ForAsync("snapshot");

        server.Signal(Child.SigTerm);

        Assert.True(await server.ExitAsync() == 0, server.Log);
        await stream.EndedAsync();
        Assert.Equal("drain", stream.Events[^1].Type);
        Assert.InRange(stream.Log.Of("drain")[0].GetProperty("retryAfterMs").GetInt64(), 1_000, 6_000);
        Assert.DoesNotContain("   at ", server.Log, StringComparison.Ordinal);
    }

    private static long Number(JsonElement figures, string name) => figures.GetProperty(name).GetInt64();

    private static JsonElement? Find(JsonElement message, string sale) => message.GetProperty("sales").EnumerateArray()
        .Select(one => (JsonElement?)one).FirstOrDefault(one => one!.Value.GetProperty("id").GetString() == sale);

    /// <summary>What is shown of a sale, once it is as it should be.</summary>
    private static async Task<JsonElement> ShownAsync(LiveStream stream, string sale, Func<JsonElement, bool> isSo)
    {
        var message = await stream.Log.ForAsync("figures", one => Find(one, sale) is { } shown && isSo(shown));
        return Find(message, sale)!.Value;
    }
}
