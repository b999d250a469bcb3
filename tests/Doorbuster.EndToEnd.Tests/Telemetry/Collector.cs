using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Doorbuster.EndToEnd.Tests.Telemetry;

/// <summary>
/// An OTLP collector, by HTTP or by gRPC, that keeps what it is sent as it came: protobuf has its texts as they are.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Text)> _received = new();
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    private Collector(string protocol, bool hangs)
    {
        Address = Loopback.Address(Loopback.NextPort());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
            endpoint.Protocols = protocol == "grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(context => ReceiveAsync(context, hangs));
    }

    public Uri Address { get; }

    /// <summary>How many requests have come, answered or not.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Everything that came so far, as one text.</summary>
    public string Everything => string.Concat(_received.Select(request => request.Text));

    /// <param name="protocol">As <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> has it.</param>
    /// <param name="hangs">Whether it takes requests and never answers.</param>
    public static async Task<Collector> StartAsync(string protocol = "http/protobuf", bool hangs = false)
    {
        var collector = new Collector(protocol, hangs);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>What came under a path that ends so.</summary>
    public string Of(string path) => string.Concat(
        _received.Where(request => request.Path.EndsWith(path, StringComparison.Ordinal))
            .Select(request => request.Text));

    /// <summary>Waits until a text was sent under a path.</summary>
    public Task ForAsync(string path, string text) => Waiting.UntilAsync(
        $"'{text}' came under {path}", () => Of(path).Contains(text, StringComparison.Ordinal));

    /// <summary>Forgets what came so far.</summary>
    public void Forget() => _received.Clear();

    public async ValueTask DisposeAsync()
    {
        _letGo.TrySetResult();
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context, bool hangs)
    {
        Interlocked.Increment(ref _requests);
        if (hangs)
        {
            await _letGo.Task;
            return;
        }

        var isGrpc = context.Request.ContentType == "application/grpc";
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        context.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
        if (isGrpc)
        {
            // An answer without fields, and that all is well.
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
