using Doorbuster.AspNetCore.Json;
using Doorbuster.Notification;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Doorbuster.AspNetCore.Live;

/// <summary>An event stream, as a browser's EventSource reads it.</summary>
internal sealed class EventStreamTransport : ILiveTransport, IDisposable
{
    /// <summary>The content type, which is also how it is asked for.</summary>
    public const string ContentType = "text/event-stream";

    private readonly HttpResponse _response;
    private readonly CancellationTokenRegistration _onGone;

    public EventStreamTransport(HttpContext context, Watcher watcher)
    {
        _response = context.Response;
        WriteHead(context);
        _onGone = context.RequestAborted.UnsafeRegister(static state => ((Watcher)state!).Leave(), watcher);
    }

    /// <summary>Writes what stands before the events.</summary>
    public static void WriteHead(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = Reply.NoStore;

        // nginx would keep events back until it has a page full of them.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A time limit of the host's, for requests that should have ended.
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
    }

    public async ValueTask SendAsync(LiveText text) => await _response.BodyWriter.WriteAsync(text.Event);

    public async Task DrainAsync(TimeSpan comeback) => await SendAsync(LiveText.Drain(comeback));

    public Task PartAsync() => Task.CompletedTask;

    public void Dispose() => _onGone.Dispose();
}
