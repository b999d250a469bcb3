using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>A server that stops tells its watchers so, each another time to come back, and waits for nobody.</summary>
public sealed class LiveDrainTests
{
    private const int Each = 40;

    [Fact]
    public async Task Every_watcher_is_told_when_to_come_back_and_the_server_ends()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path));
        var sale = await server.CreateSaleAsync(new Terms(1));
        var path = $"/v1/sales/{sale}/live";
        var (sockets, streams) = (new List<LiveSocket>(), new List<LiveStream>());
        for (var n = 0; n < Each; n++)
        {
            sockets.Add(await LiveSocket.OpenAsync(server.Api.Address, path));
            streams.Add(await LiveStream.OpenAsync(server.Api.Address, path));
            await streams[^1].Log.ForAsync("snapshot");
        }

        var clock = Stopwatch.StartNew();
        server.Signal(Child.SigTerm);
        Assert.True(await server.ExitAsync() == 0, server.Log);
        var took = clock.Elapsed;
        await Task.WhenAll(sockets.Select(socket => socket.EndedAsync()));
        await Task.WhenAll(streams.Select(stream => stream.EndedAsync()));

        Assert.All(sockets, socket => Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus));
        var ofSockets = sockets.Select(socket => Milliseconds(JsonDocument.Parse(socket.CloseReason!).RootElement));
        var ofStreams = streams.Select(stream => Milliseconds(Assert.Single(stream.Log.Of("drain")))).ToList();
        Assert.All(streams, stream => Assert.Equal("drain", stream.Events[^1].Type));
        Assert.Equal(ofStreams, streams.Select(stream => long.Parse(stream.Events[^1].Retry!)));
        IsSpread([.. ofSockets]);
        IsSpread(ofStreams);
        Assert.True(took < TimeSpan.FromSeconds(20), $"It took {took}.");
        Assert.DoesNotContain("   at ", server.Log, StringComparison.Ordinal);
        await DisposeAsync([.. sockets, .. streams]);
    }

    [Fact]
    public async Task Watchers_that_have_stopped_reading_and_answering_do_not_keep_the_server()
    {
        using var data = new DataDirectory();
        await using var server = await Server.StartAsync(new ServerPlan(data.Path));
        var sale = await server.CreateSaleAsync(new Terms(1));
        var path = $"/v1/sales/{sale}/live";
        using var socket = await StoppedWatcher.OpenSocketAsync(server.Api.Address, path);
        using var stream = await StoppedWatcher.OpenStreamAsync(server.Api.Address, path);

        var clock = Stopwatch.StartNew();
        server.Signal(Child.SigTerm);
        Assert.True(await server.ExitAsync() == 0, server.Log);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    private static long Milliseconds(JsonElement message) => message.GetProperty("retryAfterMs").GetInt64();

    /// <summary>No second is asked of much more than its share.</summary>
    private static void IsSpread(IReadOnlyList<long> milliseconds)
    {
        Assert.All(milliseconds, one => Assert.InRange(one, 1_000, 6_000));
        Assert.All(milliseconds.GroupBy(one => one / 1_000), second => Assert.True(second.Count() <= Each / 2));
    }

    private static async Task DisposeAsync(IReadOnlyList<ILiveClient> clients)
    {
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }
}
