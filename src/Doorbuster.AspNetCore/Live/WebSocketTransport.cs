using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using Doorbuster.Notification;
using Microsoft.AspNetCore.Http;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// A WebSocket (RFC 6455) that only we speak on: the first message of a client ends it. An idle one holds no buffer, no
/// timer and no compression window.
/// </summary>
internal sealed class WebSocketTransport : ILiveTransport
{
    /// <summary>How long a client may take for the closing handshake.</summary>
    private static readonly TimeSpan PartingTime = TimeSpan.FromSeconds(2);

    /// <summary>The most that is read of a client which speaks on, until it answers our closing.</summary>
    private const int MaxIgnoredBytes = 16 * 1024;

    private readonly WebSocket _socket;
    private readonly Watcher _watcher;
    private readonly HttpContext _context;
    private readonly TimeProvider _clock;
    private readonly Task<bool> _hasSpoken;

    private WebSocketTransport(WebSocket socket, Watcher watcher, HttpContext context, TimeProvider clock)
    {
        _socket = socket;
        _watcher = watcher;
        _context = context;
        _clock = clock;
        _hasSpoken = ListenAsync();
    }

    /// <summary>Shakes hands, and listens from then on.</summary>
    public static async Task<WebSocketTransport> AcceptAsync(HttpContext context, Watcher watcher, TimeProvider clock)
    {
        // The feed's heartbeat keeps the connection alive, without a timer for each.
        var terms = new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.Zero };
        return new WebSocketTransport(
            await context.WebSockets.AcceptWebSocketAsync(terms), watcher, context, clock);
    }

    public ValueTask SendAsync(LiveText text) => _socket.SendAsync(
        text.Json, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public Task DrainAsync(TimeSpan comeback) => CloseAsync(
        WebSocketCloseStatus.EndpointUnavailable,
        string.Create(
            CultureInfo.InvariantCulture, $$"""{"retryAfterMs":{{LiveText.Milliseconds(comeback)}}}"""));

    public async Task PartAsync()
    {
        if (await _hasSpoken)
        {
            await CloseAsync(WebSocketCloseStatus.PolicyViolation, "Nothing is to be sent here.");
        }
        else if (_socket.State == WebSocketState.CloseReceived)
        {
            await CloseAsync(WebSocketCloseStatus.NormalClosure, "");
        }
    }

    /// <summary>Waits for the client's first word: whether there was one before its end.</summary>
    private async Task<bool> ListenAsync()
    {
        try
        {
            // Without a buffer this returns as a message begins, and needs no memory until then.
            var received = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            return received.MessageType != WebSocketMessageType.Close;
        }
        catch (Exception fault) when (Departure.Is(fault))
        {
            return false;
        }
        finally
        {
            _watcher.Leave();
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        try
        {
            await ShakeHandsAsync(status, reason).WaitAsync(PartingTime, _clock);
        }
        catch (TimeoutException)
        {
            _context.Abort();
        }
    }

    /// <summary>
    /// Says that we close, and waits for the answer: a connection that is ended first may take the word with it.
    /// </summary>
    private async Task ShakeHandsAsync(WebSocketCloseStatus status, string reason)
    {
        await _socket.CloseOutputAsync(status, reason, CancellationToken.None);
        if (!await _hasSpoken)
        {
            return;
        }

        var ignored = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            for (var left = MaxIgnoredBytes; left > 0 && _socket.State == WebSocketState.CloseSent;)
            {
                var received = await _socket.ReceiveAsync(ignored.AsMemory(), CancellationToken.None);
                left -= Math.Max(1, received.Count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(ignored);
        }
    }
}
