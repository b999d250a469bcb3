using System.Net;
using System.Net.Sockets;
using System.Text;
using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.Live;

/// <summary>A watcher that begins and then reads nothing, as a telephone that sleeps; it has little room.</summary>
internal sealed class StoppedWatcher : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1 };

    private StoppedWatcher()
    {
    }

    public static Task<StoppedWatcher> OpenSocketAsync(
        Uri server, string path, params (string Name, string Value)[] headers) =>
        OpenAsync(
            server, path, "HTTP/1.1 101",
            [
                ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), .. headers,
            ]);

    public static Task<StoppedWatcher> OpenStreamAsync(
        Uri server, string path, params (string Name, string Value)[] headers) =>
        OpenAsync(server, path, "HTTP/1.1 200", [("Accept", "text/event-stream"), .. headers]);

    /// <summary>Waits until the server has cut the connection.</summary>
    /// <returns>How many bytes had arrived in all, which were read only now.</returns>
    public async Task<long> CutAsync()
    {
        var buffer = new byte[4 * 1024];
        var read = 0L;
        await Waiting.UntilAsync("the connection was reset", () => _socket.Poll(0, SelectMode.SelectError));
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(buffer, SocketFlags.None)) > 0)
            {
                read += count;
            }
        }
        catch (SocketException)
        {
            // It is cut.
        }

        return read;
    }

    public void Dispose() => _socket.Dispose();

    private static async Task<StoppedWatcher> OpenAsync(
        Uri server, string path, string accepted, IReadOnlyList<(string Name, string Value)> headers)
    {
        var watcher = new StoppedWatcher();
        await watcher._socket.ConnectAsync(IPAddress.Parse(server.Host), server.Port);
        await watcher._socket.SendAsync(Wire.Request("GET", path, null, [.. headers]));
        var start = new byte[accepted.Length];
        await watcher._socket.ReceiveAsync(start, SocketFlags.None);
        var answer = Encoding.ASCII.GetString(start);
        return answer == accepted ? watcher : throw new InvalidOperationException($"Answered '{answer}'.");
    }
}
