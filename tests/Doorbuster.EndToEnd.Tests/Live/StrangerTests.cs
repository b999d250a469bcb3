using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>
/// A WebSocket and an EventSource that others have written, Node's (20.18 or later), read what we send and come back
/// when we say.
/// </summary>
public sealed class StrangerTests
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Live", "strangers.mjs");

    [Fact]
    public async Task Nodes_WebSocket_and_EventSource_understand_every_word()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        Child strangers;
        string order;
        await using (var server = await Server.StartAsync(plan))
        {
            var sale = await server.CreateSaleAsync(new Terms(2));
            var anna = server.Buyer("anna");
            var path = $"/v1/sales/{sale}/live?purchaseToken={await anna.TokenAsync(sale)}";
            strangers = Child.Start(
                "node",
                ["--experimental-websocket", "--experimental-eventsource", Script, $"{server.Api.Address}", path],
                AppContext.BaseDirectory);
            await SaysAsync(strangers, "snapshot", 2);
            order = (await anna.ClaimAsync(sale)).Is(201).Text("id");
            await SaysAsync(strangers, "order", 2);
            await SaysAsync(strangers, "sale", 2);
            server.Signal(Child.SigTerm);
            Assert.Equal(0, await server.ExitAsync());
        }

        await using (strangers)
        {
            await using var restarted = await Server.StartAsync(plan);
            Assert.True(await strangers.ExitAsync() == 0, strangers.ToString());
            var lines = Lines(strangers);
            Check([.. lines.Where(line => From(line) == "socket")], order);
            CheckStream([.. lines.Where(line => From(line) == "stream")], order);
        }
    }

    private static void Check(IReadOnlyList<JsonElement> socket, string order)
    {
        Assert.Equal("snapshot", TypeOf(socket[0]));
        Assert.Contains(socket, line => TypeOf(line) == "sale");
        var told = socket.Single(line => TypeOf(line) == "order");
        Assert.Equal(order, told.GetProperty("message").GetProperty("order").GetProperty("id").GetString());
        Assert.Equal(1001, socket[^1].GetProperty("code").GetInt32());
        Assert.True(socket[^1].GetProperty("wasClean").GetBoolean());
        var reason = JsonSerializer.Deserialize<JsonElement>(socket[^1].GetProperty("reason").GetString()!);
        Assert.InRange(reason.GetProperty("retryAfterMs").GetInt32(), 1_000, 6_000);
    }

    private static void CheckStream(IReadOnlyList<JsonElement> stream, string order)
    {
        var types = stream.Select(TypeOf).ToList();
        Assert.Equal(["snapshot", "drain", "snapshot"], types.Where(type => type is "snapshot" or "drain"));
        Assert.All(stream, line => Assert.Equal(line.GetProperty("type").GetString(), TypeOf(line)));
        Assert.Contains("order", types);
        var missed = stream[^1].GetProperty("message").GetProperty("orders").EnumerateArray().Single();
        Assert.Equal(order, missed.GetProperty("id").GetString());
    }

    private static Task SaysAsync(Child strangers, string type, int times) => Waiting.UntilAsync(
        $"both strangers were told a {type}; they said {strangers}",
        () => Lines(strangers).Count(line => TypeOf(line) == type) >= times);

    private static List<JsonElement> Lines(Child strangers) =>
        [.. strangers.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static string? From(JsonElement line) => line.GetProperty("from").GetString();

    private static string? TypeOf(JsonElement line) =>
        line.TryGetProperty("message", out var message) ? message.GetProperty("type").GetString() : null;
}
