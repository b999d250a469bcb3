using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Doorbuster.Admission;

namespace Doorbuster.Benchmarks;

/// <summary>
/// From the moment at which a claim was to be sent until its order, committed by another node, was pushed to its buyer
/// over a WebSocket: an open loop, buyers with some claims each, each with a connection of its own.
/// </summary>
/// <param name="node">The node that answers.</param>
internal sealed class PushFigure(ServerProcess node) : IDisposable
{
    /// <summary>What a gate keeps of one buyer is bounded; half of it is far from it.</summary>
    private const int ClaimsPerBuyer = 32;

    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(30);

    private readonly SocketsHttpHandler _handler = new() { MaxConnectionsPerServer = 256 };
    private readonly ConcurrentDictionary<string, double> _pushed = new();
    private readonly ConcurrentDictionary<string, double> _due = new();
    private readonly Stopwatch _clock = new();

    /// <summary>Claims so many a second, and waits until the last of them was pushed.</summary>
    /// <returns>The 99th percentile in milliseconds.</returns>
    public async Task<double> P99Async(string name, int perSecond, int seconds)
    {
        var count = perSecond * seconds;
        var sale = await node.CreateSaleAsync(name, count, ClaimsPerBuyer);
        var tokens = new PurchaseTokens([node.Key], TimeProvider.System);
        var buyers = Enumerable.Range(0, (count / ClaimsPerBuyer) + 1)
            .Select(_ => tokens.Issue(sale, BuyerId.Parse(Guid.NewGuid().ToString())).Token)
            .ToArray();
        var watchers = await Task.WhenAll(buyers.Select(token => WatchAsync(sale, token)));
        using var http = new HttpClient(_handler, disposeHandler: false) { BaseAddress = node.Address };
        _clock.Start();
        await ClaimAsync(http, sale, buyers, count, perSecond);
        var waited = Stopwatch.StartNew();
        while (_pushed.Count < count)
        {
            if (waited.Elapsed > MostPatience)
            {
                throw new TimeoutException($"{_pushed.Count} of {count} orders were pushed.");
            }

            await Task.Delay(5);
        }

        Array.ForEach(watchers, watcher => watcher.Dispose());
        var latencies = _due.Select(claim => _pushed[claim.Key] - claim.Value).Order().ToArray();
        return latencies[(int)(latencies.Length * 0.99)];
    }

    public void Dispose() => _handler.Dispose();

    private async Task ClaimAsync(HttpClient http, SaleId sale, string[] buyers, int count, int perSecond)
    {
        var sent = new List<Task>(count);
        while (sent.Count < count)
        {
            for (var due = Math.Min(count, _clock.Elapsed.TotalSeconds * perSecond); sent.Count < due;)
            {
                sent.Add(ClaimOneAsync(http, sale, buyers[sent.Count % buyers.Length], sent.Count, perSecond));
            }

            await Task.Delay(1);
        }

        await Task.WhenAll(sent);
    }

    private async Task ClaimOneAsync(HttpClient http, SaleId sale, string token, int number, int perSecond)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sales/{sale}/orders")
        {
            Content = JsonContent.Create(new { quantity = 1 }),
        };
        request.Headers.Add("Purchase-Token", token);
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"k{number}"));
        using var answer = await http.SendAsync(request);
        if (answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.Created))
        {
            throw new InvalidOperationException($"A claim was answered {(int)answer.StatusCode}.");
        }

        _due[answer.Headers.Location!.ToString().Split('/')[^1]] = number * 1e3 / perSecond;
    }

    /// <summary>Opens a connection; it is read until it is disposed of.</summary>
    private async Task<ClientWebSocket> WatchAsync(SaleId sale, string token)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Purchase-Token", token);
        var address = new UriBuilder(new Uri(node.Address, $"/v1/sales/{sale}/live")) { Scheme = "ws" }.Uri;
        await socket.ConnectAsync(address, CancellationToken.None);
        _ = ReadAsync(socket);
        return socket;
    }

    private async Task ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                Note(buffer.AsSpan(0, read.Count));
            }
        }
        catch (Exception fault) when (fault is WebSocketException or ObjectDisposedException)
        {
            // The run is over, or what is missing is missed.
        }
    }

    private void Note(ReadOnlySpan<byte> message)
    {
        if (message.IndexOf("\"type\":\"order\""u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(message);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                _pushed.TryAdd(reader.GetString()!, _clock.Elapsed.TotalMilliseconds);
                return;
            }
        }
    }
}
