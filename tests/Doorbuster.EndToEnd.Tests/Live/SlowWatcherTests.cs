using System.Diagnostics;
using System.Net;
using Doorbuster.EndToEnd.Tests.Embedding;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>A watcher that stops reading is dropped; nobody waits for it.</summary>
public sealed class SlowWatcherTests
{
    private const int Orders = 400;

    /// <summary>What the system and the web server hold back for one connection here, at most.</summary>
    private const int HeldBack = 100_000;

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Doorbuster:Limits:OrdersPerBuyer"] = $"{Orders}",
        ["Doorbuster:Limits:WatcherQueue"] = "64",
    };

    [Fact]
    public async Task Watchers_that_stop_reading_are_cut_off_while_claims_and_others_go_on()
    {
        await using var host = await HostProgram.StartAsync(
            HostProgram.BelievingHeaders, Settings, configure: services =>
            {
                services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxResponseBufferSize = 1_024);
                services.Configure<SocketTransportOptions>(
                    sockets => sockets.CreateBoundListenSocket = SmallBuffers);
            });
        var sale = await CreateAsync(host, Orders);
        var path = $"/flash/v1/sales/{sale}/live";
        var token = await host.Api.PostAsync($"/flash/v1/sales/{sale}/purchase-tokens", null, null, ("X-User", "anna"));
        var anna = ("Purchase-Token", token.Is(201).Text("token"));
        using var socket = await StoppedWatcher.OpenSocketAsync(host.Api.Address, path, anna);
        using var stream = await StoppedWatcher.OpenStreamAsync(host.Api.Address, path, anna);
        await using var reading = await LiveSocket.OpenAsync(host.Api.Address, path, anna);
        await reading.Log.ForAsync("snapshot");

        var clock = Stopwatch.StartNew();
        for (var n = 0; n < Orders; n++)
        {
            (await host.Api.PostAsync($"/flash/v1/sales/{sale}/orders", null, "{}", anna)).Is(201);
        }

        var took = clock.Elapsed;
        await reading.Log.ForAsync("sale", message => message.GetProperty("soldOut").GetBoolean());
        await Waiting.UntilAsync("every order was told", () => reading.Log.Of("order").Count == Orders);
        Assert.InRange(await socket.CutAsync(), 1, HeldBack);
        Assert.InRange(await stream.CutAsync(), 1, HeldBack);
        Assert.True(took < TimeSpan.FromMilliseconds(50 * Orders), $"{Orders} claims took {took}.");
        Assert.Null(reading.CloseStatus);
    }

    /// <summary>What a connection takes without being read is the system's to say; here it says little.</summary>
    private static System.Net.Sockets.Socket SmallBuffers(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = 1;
        return socket;
    }

    private static async Task<string> CreateAsync(HostProgram host, int quantity)
    {
        var terms = new Terms(quantity) { Id = "lamp", PerBuyerLimit = quantity };
        var body = terms.ToJson().ToJsonString();
        return (await host.Api.PostAsync("/flash/v1/sales", null, body, ("X-User", "owner"))).Is(201).Text("id");
    }
}
