using System.Net;
using Doorbuster.EndToEnd.Tests.Embedding;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>Live push in a program of someone else: below its prefix, by its sign-in, over its HTTP.</summary>
public sealed class EmbeddedLiveTests
{
    private const string Path = "/flash/v1/sales/lamp/live";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_needs_nothing_of_the_host_and_bears_what_the_host_has(bool hostHasWebSockets)
    {
        await using var host = await StartAsync(before: app =>
        {
            if (hostHasWebSockets)
            {
                app.UseWebSockets();
            }
        });
        await using var socket = await LiveSocket.OpenAsync(host.Api.Address, Path, ("X-User", "anna"));
        await using var stream = await LiveStream.OpenAsync(host.Api.Address, Path, ("X-User", "anna"));
        await using var anyone = await LiveSocket.OpenAsync(host.Api.Address, Path);

        var order = await BuyAsync(host, "anna");

        foreach (var client in (ILiveClient[])[socket, stream])
        {
            var told = await client.Log.ForAsync("order");
            Assert.Equal(order, told.GetProperty("order").GetProperty("id").GetString());
        }

        await anyone.Log.ForAsync("sale", message => message.GetProperty("soldOut").GetBoolean());
        Assert.Empty(anyone.Log.Of("order"));
    }

    [Fact]
    public async Task A_sign_in_that_is_no_buyers_watches_like_anyone()
    {
        await using var host = await StartAsync();

        await using var owner = await LiveSocket.OpenAsync(host.Api.Address, Path, ("X-User", new string('x', 200)));

        await owner.Log.ForAsync("snapshot");
    }

    [Fact]
    public async Task A_WebSocket_over_HTTP_2_is_one_like_any_other()
    {
        var port = Loopback.NextPort();
        await using var host = await StartAsync(configure: services =>
            services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>((kestrel, settings) =>
            {
                kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2);
                kestrel.Listen(IPAddress.Loopback, new Uri(settings["urls"]!).Port);
            }));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        await using var socket = await LiveSocket.OpenAsync(
            new Uri($"http://localhost:{port}"), Path, invoker, ("X-User", "anna"));
        await socket.Log.ForAsync("snapshot");

        await BuyAsync(host, "anna");

        await socket.Log.ForAsync("order");
        await socket.CloseAsync();
    }

    private static async Task<HostProgram> StartAsync(
        Action<WebApplication>? before = null, Action<IServiceCollection>? configure = null)
    {
        var host = await HostProgram.StartAsync(HostProgram.BelievingHeaders, before: before, configure: configure);
        var terms = new Terms(1) { Id = "lamp" }.ToJson().ToJsonString();
        (await host.Api.PostAsync("/flash/v1/sales", null, terms, ("X-User", "owner"))).Is(201);
        return host;
    }

    private static async Task<string> BuyAsync(HostProgram host, string buyer)
    {
        var token = await host.Api.PostAsync("/flash/v1/sales/lamp/purchase-tokens", null, null, ("X-User", buyer));
        var order = await host.Api.PostAsync(
            "/flash/v1/sales/lamp/orders", null, "{}", ("Purchase-Token", token.Is(201).Text("token")));
        return order.Is(201).Text("id");
    }
}
