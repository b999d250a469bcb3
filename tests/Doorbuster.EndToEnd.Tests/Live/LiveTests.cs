using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>What a watcher is told, over a WebSocket and over an event stream.</summary>
public sealed class LiveTests(OpenShop shop)
{
    private static string Path(string sale) => $"/v1/sales/{sale}/live";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_message_is_a_snapshot_of_the_sale(bool overSocket)
    {
        var sale = await shop.NewSaleAsync(new Terms(7));

        await using var client = await OpenAsync(overSocket, Path(sale));

        await client.Log.ForAsync("snapshot");
        var snapshot = client.Log.All[0].Message;
        Assert.Equal(["type", "sale", "orders", "now"], snapshot.EnumerateObject().Select(field => field.Name));
        Assert.Equal("snapshot", snapshot.GetProperty("type").GetString());
        Assert.Equal(0, snapshot.GetProperty("orders").GetArrayLength());
        Assert.Equal(
            WithoutNow((await shop.Api.SaleAsync(sale)).Is(200).Json), WithoutNow(snapshot.GetProperty("sale")));
        Assert.True(DateTimeOffset.UtcNow - snapshot.GetProperty("now").GetDateTimeOffset() < Waiting.Patience);
    }

    [Fact]
    public async Task An_event_stream_has_types_ids_and_a_time_to_come_back()
    {
        var sale = await shop.NewSaleAsync(new Terms(7));
        await using var stream = await LiveStream.OpenAsync(shop.Api.Address, Path(sale));
        await using var other = await LiveStream.OpenAsync(shop.Api.Address, Path(sale));
        await stream.Log.ForAsync("snapshot");

        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);
        await stream.Log.ForAsync("sale");
        await other.Log.ForAsync("sale");

        Assert.Equal("text/event-stream", stream.Head.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", stream.Head.Headers.CacheControl?.ToString());
        Assert.Equal(["snapshot", "sale"], stream.Events.Select(one => one.Type));
        Assert.Equal($"\"{stream.Events[1].Id}\"", (await shop.Api.SaleAsync(sale)).Header("ETag"));
        Assert.NotEqual(stream.Events[0].Id, stream.Events[1].Id);
        Assert.InRange(int.Parse(stream.Events[0].Retry!, CultureInfo.InvariantCulture), 1_000, 6_000);
        Assert.NotEqual(stream.Events[0].Retry, other.Events[0].Retry);
    }

    [Fact]
    public async Task Buyers_are_told_of_their_orders_whatever_says_who_they_are()
    {
        var sale = await shop.NewSaleAsync(new Terms(7));
        var anna = shop.NewBuyer();
        var token = await anna.TokenAsync(sale);
        await using var byHeader = await OpenAsync(true, Path(sale), ("Purchase-Token", token));
        await using var byAddress = await OpenAsync(true, $"{Path(sale)}?purchaseToken={token}");
        await using var byJwt = await OpenAsync(true, Path(sale), ("Authorization", $"Bearer {anna.Jwt}"));
        await using var byStream = await OpenAsync(false, $"{Path(sale)}?purchaseToken={token}");
        await using var ben = await OpenAsync(
            true, Path(sale), ("Authorization", $"Bearer {shop.NewBuyer().Jwt}"));
        await using var anyone = await OpenAsync(true, Path(sale));

        var order = (await anna.ClaimAsync(sale)).Is(201).Json;

        foreach (var client in (ILiveClient[])[byHeader, byAddress, byJwt, byStream])
        {
            var told = await client.Log.ForAsync("order");
            Assert.Equal(["type", "order", "now"], told.EnumerateObject().Select(field => field.Name));
            Assert.Equal(order.GetRawText(), told.GetProperty("order").GetRawText());
        }

        foreach (var client in (ILiveClient[])[ben, anyone])
        {
            await client.Log.ForAsync("sale", message => message.GetProperty("available").GetInt64() == 6);
            Assert.Empty(client.Log.Of("order"));
        }
    }

    [Fact]
    public async Task A_snapshot_has_the_watchers_own_orders_and_nobody_elses()
    {
        var sale = await shop.NewSaleAsync(new Terms(7) { PerBuyerLimit = 3 });
        var (anna, ben) = (shop.NewBuyer(), shop.NewBuyer());
        var first = (await anna.ClaimAsync(sale, "1")).Is(201).Json;
        (await ben.ClaimAsync(sale, "1")).Is(201);
        var second = (await anna.ClaimAsync(sale, "2")).Is(201).Json;

        await using var client = await OpenAsync(true, Path(sale), ("Purchase-Token", await anna.TokenAsync(sale)));

        var orders = (await client.Log.ForAsync("snapshot")).GetProperty("orders");
        Assert.Equal([first.GetRawText(), second.GetRawText()], orders.EnumerateArray().Select(o => o.GetRawText()));
    }

    [Fact]
    public async Task A_rush_is_told_at_most_four_times_a_second_and_its_end_exactly()
    {
        const int Claims = 2_000;
        var sale = await shop.NewSaleAsync(new Terms(Claims));
        await using var socket = await OpenAsync(true, Path(sale));
        await using var stream = await OpenAsync(false, Path(sale));
        await socket.Log.ForAsync("snapshot");

        var buyers = Enumerable.Range(0, Claims).Select(n => $"{sale}-{n}").ToList();
        await Parallel.ForEachAsync(buyers, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (buyer, _) =>
        {
            var token = ("Purchase-Token", PurchaseTokenForge.Genuine(sale, buyer));
            (await shop.Api.PostAsync($"/v1/sales/{sale}/orders", null, "{}", token)).Is(201);
        });

        foreach (var client in (ILiveClient[])[socket, stream])
        {
            var last = await client.Log.ForAsync("sale", message => message.GetProperty("soldOut").GetBoolean());
            Assert.Equal(0, last.GetProperty("available").GetInt64());
            var told = client.Log.Of("sale");
            var left = told.Select(message => message.GetProperty("available").GetInt64()).ToList();
            Assert.Equal(left.OrderDescending(), left);

            // By the server's own clock: the times of arrival are this machine's mood.
            var times = told.Select(message => message.GetProperty("now").GetDateTimeOffset()).ToList();
            var gaps = times.Zip(times.Skip(1), (a, b) => (b - a).TotalMilliseconds);
            Assert.All(gaps, gap => Assert.True(gap >= 249, $"{gap}"));
        }
    }

    [Fact]
    public async Task An_idle_connection_has_a_heartbeat_and_answers_pings()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        await using var socket = await LiveSocket.OpenAsync(shop.Api.Address, Path(sale));
        await using var stream = await LiveStream.OpenAsync(shop.Api.Address, Path(sale));

        var heartbeat = await socket.Log.ForAsync("heartbeat");
        await Waiting.UntilAsync("the stream had a comment", () => stream.Comments > 0);

        Assert.Equal(["type", "now"], heartbeat.EnumerateObject().Select(field => field.Name));
        Assert.True(socket.Log.All[^1].At < TimeSpan.FromSeconds(20));
        Assert.Null(socket.CloseStatus);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("")]
    public async Task A_client_that_speaks_is_shown_the_door(string word)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        await using var socket = await LiveSocket.OpenAsync(shop.Api.Address, Path(sale));
        await socket.Log.ForAsync("snapshot");

        await socket.SayAsync(word);
        await socket.EndedAsync();

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
    }

    [Fact]
    public async Task A_client_that_speaks_without_end_is_not_listened_to()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        await using var socket = await LiveSocket.OpenAsync(shop.Api.Address, Path(sale));
        await socket.Log.ForAsync("snapshot");

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
            {
                await socket.SayAsync(new string('x', 1_000_000)).WaitAsync(Waiting.Patience);
            }
        });

        await socket.EndedAsync();
    }

    [Fact]
    public async Task A_client_that_closes_is_answered()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        await using var socket = await LiveSocket.OpenAsync(shop.Api.Address, Path(sale));
        await socket.Log.ForAsync("snapshot");

        await socket.CloseAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    private async Task<ILiveClient> OpenAsync(bool overSocket, string path, params (string, string)[] headers) =>
        overSocket
            ? await LiveSocket.OpenAsync(shop.Api.Address, path, headers)
            : await LiveStream.OpenAsync(shop.Api.Address, path, headers);

    private static Dictionary<string, string> WithoutNow(JsonElement sale) =>
        sale.EnumerateObject().Where(field => field.Name != "now")
            .ToDictionary(field => field.Name, field => field.Value.GetRawText());
}
