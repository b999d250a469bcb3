using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Doorbuster.Admission;
using Doorbuster.Cli.Http;
using Doorbuster.Cli.Load;

namespace Doorbuster.Benchmarks;

/// <summary>
/// From the moment at which a claim was to be sent until its order, committed by another node, was pushed to its buyer
/// over a WebSocket: an open loop, buyers with some claims each, each with a connection of its own.
/// </summary>
/// <param name="node">The node that answers.</param>
internal sealed class PushFigure(ServerProcess node)
{
    /// <summary>What a gate keeps of one buyer is bounded; half of it is far from it.</summary>
    private const int ClaimsPerBuyer = 32;

    private const int ClaimConnections = 256;

    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(30);

    /// <summary>When each order was pushed, a timestamp.</summary>
    private readonly ConcurrentDictionary<string, long> _pushed = new();

    /// <summary>Each order's claim, from 0.</summary>
    private readonly ConcurrentDictionary<string, int> _claims = new();

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
        var startAt = await ClaimAsync(new LoadPlan(
            node.Address, sale.ToString(), count, perSecond, ClaimConnections), buyers);
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
        if (_claims.Count != count)
        {
            throw new InvalidOperationException($"{_claims.Count} of {count} claims were answered.");
        }

        var latencies = _claims
            .Select(order => Stopwatch.GetElapsedTime(startAt, _pushed[order.Key]).TotalMilliseconds
                - (order.Value * 1e3 / perSecond))
            .Order().ToArray();
        return latencies[(int)(latencies.Length * 0.99)];
    }

    /// <summary>Sends every claim at its time.</summary>
    /// <returns>The time of the first, a timestamp.</returns>
    private async Task<long> ClaimAsync(LoadPlan plan, string[] tokens)
    {
        byte[][] requests = [.. Enumerable.Range(0, plan.Buyers).Select(
            claim => Spell(plan, tokens[claim % tokens.Length], claim))];
        using var connections = await Connections.OpenAsync(plan.Server, ClaimConnections, CancellationToken.None);
        var crowd = new Crowd(plan, () => claim => requests[claim], connections, new LoadProgress(), Note);
        var startAt = Stopwatch.GetTimestamp();
        await crowd.ClaimAsync(startAt, CancellationToken.None);
        return startAt;
    }

    private static byte[] Spell(LoadPlan plan, string token, int claim) => Encoding.ASCII.GetBytes(
        $"POST {RequestBytes.Head(plan.Server, $"/v1/sales/{plan.Sale}/orders")}Content-Type: application/json\r\n"
        + $"Content-Length: 14\r\nIdempotency-Key: k{claim}\r\nPurchase-Token: {token}\r\n\r\n"
        + """{"quantity":1}""");

    private void Note(int claim, HttpAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            throw new InvalidOperationException($"A claim was answered {answer.Status}.");
        }

        _claims[OrderOf(answer.Body.Span)] = claim;
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

        _pushed.TryAdd(OrderOf(message), Stopwatch.GetTimestamp());
    }

    /// <summary>The id of the order that a message or an answer shows: the first there is.</summary>
    private static string OrderOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                return reader.GetString()!;
            }
        }

        throw new InvalidOperationException($"No order is shown by {Encoding.UTF8.GetString(json)}.");
    }
}
