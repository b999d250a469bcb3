using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Doorbuster.Benchmarks;

/// <summary>
/// A crowd that watches one sale over WebSockets, as bytes: a client that shares the machine with the server must cost
/// next to nothing.
/// </summary>
internal sealed class Watchers : IDisposable
{
    /// <summary>
    /// Watchers of one source address (127.0.0.2 and on): each has its own ports, of which one address has some 28,000,
    /// and those of the last run rest for a minute.
    /// </summary>
    private const int PerAddress = 2_500;

    private static int _opened;

    /// <summary>Handshakes under way at once, as a server's queue of new connections bears them.</summary>
    private const int AtOnce = 128;

    private static readonly byte[] SoldOut = "\"soldOut\":true"u8.ToArray();
    private static readonly byte[] Snapshot = "\"type\":\"snapshot\""u8.ToArray();

    private readonly List<Watcher> _watchers = [];

    /// <summary>Opens so many connections, and returns once each has its snapshot.</summary>
    public static async Task<Watchers> OpenAsync(Uri server, SaleId sale, int count)
    {
        var watchers = new Watchers();
        var request = Encoding.ASCII.GetBytes(
            $"GET /v1/sales/{sale}/live HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        for (var left = count; left > 0; left -= AtOnce)
        {
            var batch = Enumerable.Range(0, Math.Min(left, AtOnce)).Select(_ => new Watcher()).ToList();
            watchers._watchers.AddRange(batch);
            await Task.WhenAll(batch.Select(watcher => watcher.OpenAsync(server, NextSource(), request)));
        }

        return watchers;
    }

    /// <summary>Waits until each was told that the sale is sold out.</summary>
    public Task SoldOutAsync() =>
        Task.WhenAll(_watchers.Select(watcher => watcher.SoldOut)).WaitAsync(TimeSpan.FromSeconds(30));

    public void Dispose() => _watchers.ForEach(watcher => watcher.Dispose());

    private static IPAddress NextSource()
    {
        var place = _opened++ / PerAddress % 200;
        return new IPAddress([127, 0, 0, (byte)(2 + place)]);
    }

    private sealed class Watcher : IDisposable
    {
        /// <summary>More than any message here has, so that none is cut in two for long.</summary>
        private const int BufferBytes = 2 * 1024;

        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly TaskCompletionSource _hasSnapshot = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _isSoldOut = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task SoldOut => _isSoldOut.Task;

        public async Task OpenAsync(Uri server, IPAddress source, byte[] request)
        {
            _socket.Bind(new IPEndPoint(source, 0));
            await _socket.ConnectAsync(IPAddress.Parse(server.Host), server.Port);
            await _socket.SendAsync(request);
            _ = ReadAsync();
            await _hasSnapshot.Task;
        }

        public void Dispose() => _socket.Dispose();

        private async Task ReadAsync()
        {
            var buffer = new byte[BufferBytes];
            var kept = 0;
            try
            {
                int count;
                while ((count = await _socket.ReceiveAsync(buffer.AsMemory(kept))) > 0)
                {
                    var seen = buffer.AsSpan(0, kept + count);
                    if (seen.IndexOf(Snapshot) >= 0)
                    {
                        _hasSnapshot.TrySetResult();
                    }

                    if (seen.IndexOf(Watchers.SoldOut) >= 0)
                    {
                        _isSoldOut.TrySetResult();
                    }

                    // What was looked for may have been cut in two.
                    kept = Math.Min(seen.Length, Snapshot.Length);
                    seen[^kept..].CopyTo(buffer);
                }
            }
            catch (SocketException fault)
            {
                _hasSnapshot.TrySetException(fault);
                _isSoldOut.TrySetException(fault);
            }
            finally
            {
                _hasSnapshot.TrySetException(new IOException("The server ended a watcher's connection."));
                _isSoldOut.TrySetException(new IOException("The server ended a watcher's connection."));
            }
        }
    }
}
