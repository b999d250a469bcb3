using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>One who watches, and comes back after the time that the server has told.</summary>
/// <param name="server">The server.</param>
/// <param name="sale">The sale.</param>
/// <param name="buyer">Who it is; a stranger where null.</param>
/// <param name="overEvents">
/// Whether it watches an event stream, which is told with its snapshot; a WebSocket is told as it is closed.
/// </param>
internal sealed class Returner(Uri server, string sale, string? buyer, bool overEvents) : IAsyncDisposable
{
    private ILiveClient? _client;

    /// <summary>When it was told to come back, once its connection has ended.</summary>
    public TimeSpan Told { get; private set; }

    /// <summary>Connects, and takes its snapshot.</summary>
    public async Task OpenAsync()
    {
        (string, string)[] headers =
            buyer is null ? [] : [("Purchase-Token", PurchaseTokenForge.Genuine(sale, buyer))];
        var path = $"/v1/sales/{sale}/live";
        _client = overEvents
            ? await LiveStream.OpenAsync(server, path, headers)
            : await LiveSocket.OpenAsync(server, path, headers);
        await _client.Log.ForAsync("snapshot");
    }

    /// <summary>Waits until its connection has ended, and notes what it was told.</summary>
    public async Task EndedAsync()
    {
        await _client!.EndedAsync();
        Told = TimeSpan.FromMilliseconds(_client switch
        {
            LiveStream stream => int.Parse(
                stream.Events.Last(one => one.Retry is not null).Retry!, CultureInfo.InvariantCulture),
            LiveSocket socket => JsonDocument.Parse(socket.CloseReason!).RootElement
                .GetProperty("retryAfterMs").GetInt32(),
            _ => throw new InvalidOperationException("It watches in no way that is known here."),
        });
        await _client.DisposeAsync();
    }

    /// <summary>Comes back after the time it was told, and after longer ones where nobody takes it.</summary>
    public async Task ComeBackAsync()
    {
        var failures = 0;
        await Waiting.UntilAsync("a watcher was back", async () =>
        {
            await Waiting.ForComebackAsync(Told, failures++);
            return await IsInAsync();
        });
    }

    /// <summary>Waits until it knows the sale's state; its own orders it has known since its snapshot.</summary>
    public async Task KnowsAsync(string state)
    {
        var log = _client!.Log;
        await Waiting.UntilAsync("a watcher knew how the sale stands", () =>
            log.Of("snapshot").Select(message => message.GetProperty("sale")).Concat(log.Of("sale"))
                .Any(known => known.GetProperty("state").GetString() == state));
        var orders = log.Of("snapshot")[0].GetProperty("orders").EnumerateArray().ToList();
        Assert.Equal(buyer is null ? 0 : 1, orders.Count);
        Assert.All(orders, order => Assert.Equal("reserved", order.GetProperty("status").GetString()));
    }

    public ValueTask DisposeAsync() => _client!.DisposeAsync();

    private async Task<bool> IsInAsync()
    {
        try
        {
            await OpenAsync();
            return true;
        }
        catch (Exception refused) when (refused is WebSocketException or HttpRequestException)
        {
            return false;
        }
    }
}
