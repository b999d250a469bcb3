using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>A WebSocket that watches a sale, and takes every message as it comes.</summary>
internal sealed class LiveSocket : ILiveClient
{
    private readonly ClientWebSocket _socket;
    private readonly LiveLog _log = new();
    private readonly Task _reading;

    private LiveSocket(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    public LiveLog Log => _log;

    /// <summary>How the server closed it; null while it has not.</summary>
    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <summary>What the server said as it closed.</summary>
    public string? CloseReason => _socket.CloseStatusDescription;

    /// <summary>Opens one.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="path">The path, with its query.</param>
    /// <param name="headers">Headers beside.</param>
    public static Task<LiveSocket> OpenAsync(
        Uri server, string path, params (string Name, string Value)[] headers) =>
        OpenAsync(server, path, null, headers);

    /// <summary>Opens one over an HTTP version of the invoker's.</summary>
    public static async Task<LiveSocket> OpenAsync(
        Uri server, string path, HttpMessageInvoker? invoker, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        // A ping that nobody answers would end the connection.
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(1);
        socket.Options.KeepAliveTimeout = Waiting.Patience;
        if (invoker is not null)
        {
            socket.Options.HttpVersion = new Version(2, 0);
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        var address = new UriBuilder(new Uri(server, path)) { Scheme = "ws" }.Uri;
        using var patience = new CancellationTokenSource(Waiting.Patience);
        try
        {
            await socket.ConnectAsync(address, invoker, patience.Token);
            return new LiveSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Says something, which no client should.</summary>
    public Task SayAsync(string text) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Closes it as RFC 6455 has it: says so, and waits for the server's answer.</summary>
    public async Task CloseAsync()
    {
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "Bye.", CancellationToken.None);
        await EndedAsync();
    }

    public Task EndedAsync() => _reading.WaitAsync(Waiting.Patience);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            var length = 0;
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await AnswerAsync();
                    return;
                }

                length += received.Count;
                if (received.EndOfMessage)
                {
                    _log.Add(JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, length)));
                    length = 0;
                }
            }
        }
        catch (Exception end) when (end
            is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The connection ended; CloseStatus says whether in order. One that was given up between two messages says
            // that it is disposed of.
        }
    }

    private async Task AnswerAsync()
    {
        if (_socket.State == WebSocketState.CloseReceived)
        {
            await _socket.CloseOutputAsync(
                _socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        }
    }
}

/// <summary>Something that watches a sale.</summary>
internal interface ILiveClient : IAsyncDisposable
{
    /// <summary>What it was told.</summary>
    LiveLog Log { get; }

    /// <summary>Ends once the connection has.</summary>
    Task EndedAsync();
}

/// <summary>What a watcher was told, in order, each with the time since the first.</summary>
internal sealed class LiveLog
{
    private readonly List<(TimeSpan At, JsonElement Message)> _all = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<(TimeSpan At, JsonElement Message)> All
    {
        get
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Messages of one type so far.</summary>
    public IReadOnlyList<JsonElement> Of(string type) =>
        [.. All.Select(one => one.Message).Where(message => message.GetProperty("type").GetString() == type)];

    public void Add(JsonElement message)
    {
        lock (_all)
        {
            _all.Add((_clock.Elapsed, message));
        }
    }

    /// <summary>Waits for a message.</summary>
    public async Task<JsonElement> ForAsync(string type, Func<JsonElement, bool>? isRight = null)
    {
        JsonElement found = default;
        await Waiting.UntilAsync(
            $"there was a message '{type}'; there were {string.Join('\n', All.Select(one => one.Message))}",
            () =>
            {
                var right = Of(type).Where(message => isRight?.Invoke(message) != false).ToList();
                found = right.Count > 0 ? right[0] : default;
                return right.Count > 0;
            });
        return found;
    }
}
