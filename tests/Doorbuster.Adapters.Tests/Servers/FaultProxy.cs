using System.Net;
using System.Net.Sockets;

namespace Doorbuster.Adapters.Tests.Servers;

/// <summary>
/// Stands between a client and a server on loopback, and loses the server's replies where a test says so: the server
/// has done what the client never hears of.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _clients = [];
    private readonly int _serverPort;
    private readonly Task _accepting;
    private long _lost;

    public FaultProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether replies are lost; requests pass.</summary>
    public bool LosesReplies { get; set; }

    /// <summary>Bytes of replies that were lost.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Breaks every connection there is; new ones are taken.</summary>
    public void Cut()
    {
        lock (_clients)
        {
            _clients.ForEach(client => client.Dispose());
            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var server = new TcpClient();
                lock (_clients)
                {
                    _clients.AddRange([client, server]);
                }

                _ = ServeAsync(client, server);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            // It was told to stop.
        }
    }

    private async Task ServeAsync(TcpClient client, TcpClient server)
    {
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
            client.NoDelay = true;
            server.NoDelay = true;
            await Task.WhenAny(
                CopyAsync(client, server, areReplies: false), CopyAsync(server, client, areReplies: true));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or IOException
            or ObjectDisposedException)
        {
            // A connection that ends is what this is for.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool areReplies)
    {
        var buffer = new byte[65_536];
        while (true)
        {
            var count = await from.GetStream().ReadAsync(buffer, _stop.Token);
            if (count == 0)
            {
                return;
            }

            if (areReplies && LosesReplies)
            {
                Interlocked.Add(ref _lost, count);
            }
            else
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
    }
}
