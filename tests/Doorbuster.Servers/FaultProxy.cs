using System.Net;
using System.Net.Sockets;

namespace Doorbuster.Servers;

/// <summary>
/// A wire between a client and a server on which things go wrong as a test asks: the next command that a test picks is
/// lost, or its answer is. Without that it only forwards. It knows no protocol, but that a client speaks and is
/// answered.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _open = [];
    private readonly List<Task> _pumps = [];
    private readonly int _target;
    private Picked? _next;

    private FaultProxy(int target)
    {
        _target = target;
        _listener.Start();
        _pumps.Add(AcceptAsync());
    }

    /// <summary>The port that leads to the server.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Starts a proxy.</summary>
    /// <param name="target">The server's port on loopback.</param>
    public static FaultProxy Start(int target) => new(target);

    /// <summary>Picks the next command that is like this, on whichever connection.</summary>
    /// <param name="fault">What becomes of it.</param>
    /// <param name="isLike">
    /// Whether this is it: what the client sent at once, and what the server had last answered on that connection.
    /// </param>
    /// <returns>What happened to it, and when.</returns>
    public LostCommand Next(WireFault fault, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, bool> isLike)
    {
        var lost = new LostCommand();
        _next = new Picked(fault, isLike, lost);
        return lost;
    }

    /// <summary>Breaks every connection that is open.</summary>
    public void BreakAll()
    {
        lock (_lock)
        {
            _open.ForEach(socket => socket.Close(0));
            _open.Clear();
        }
    }

    /// <summary>Breaks what is open and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        BreakAll();
        Task[] pumps;
        lock (_lock)
        {
            pumps = [.. _pumps];
        }

        await Task.WhenAll(pumps);
        _end.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                lock (_lock)
                {
                    _pumps.Add(ServeAsync(client));
                }
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException)
            {
                // Nobody comes any more, or who came is gone already.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (_lock)
        {
            _open.AddRange([client, server]);
        }

        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            var wire = new Wire(client, server, this);
            await Task.WhenAny(wire.PumpCommandsAsync(), wire.PumpAnswersAsync());
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is not there, which the client hears by the end of its connection.
        }
        finally
        {
            client.Close(0);
            server.Close(0);
        }
    }

    private Picked? Take(ReadOnlyMemory<byte> command, ReadOnlyMemory<byte> answered)
    {
        lock (_lock)
        {
            var picked = _next is { } next && next.IsLike(command, answered) ? next : null;
            _next = picked is null ? _next : null;
            return picked;
        }
    }

    private sealed record Picked(
        WireFault Fault, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, bool> IsLike, LostCommand Lost);

    /// <summary>One connection on both sides.</summary>
    private sealed class Wire(Socket client, Socket server, FaultProxy proxy)
    {
        private ReadOnlyMemory<byte> _answered;
        private volatile Picked? _picked;

        public async Task PumpCommandsAsync()
        {
            var buffer = new byte[65_536];
            while (await ReceiveAsync(client, buffer) is > 0 and var length)
            {
                var command = buffer.AsMemory(0, length);
                if (proxy.Take(command, _answered) is { } picked && !await SpoilAsync(picked, command))
                {
                    return;
                }

                await SendAsync(server, command);
            }
        }

        public async Task PumpAnswersAsync()
        {
            var buffer = new byte[65_536];
            while (await ReceiveAsync(server, buffer) is > 0 and var length)
            {
                if (_picked is { } picked)
                {
                    picked.Lost.Happen();
                    if (picked.Fault == WireFault.HoldAnswer)
                    {
                        await picked.Lost.Released.WaitAsync(proxy._end.Token);
                    }

                    return;
                }

                _answered = buffer.AsMemory(0, length).ToArray();
                await SendAsync(client, _answered);
            }
        }

        /// <summary>Does what was asked for to a command.</summary>
        /// <returns>Whether the command goes on to the server.</returns>
        private async Task<bool> SpoilAsync(Picked picked, Memory<byte> command)
        {
            switch (picked.Fault)
            {
                case WireFault.LoseAnswer or WireFault.HoldAnswer:
                    _picked = picked;
                    return true;
                case WireFault.LoseCommand:
                    picked.Lost.Happen();
                    return false;
                case WireFault.Silence:
                    picked.Lost.Happen();
                    await picked.Lost.Released.WaitAsync(proxy._end.Token);
                    return false;
                case WireFault.DelayCommand:
                    client.Close(0);
                    picked.Lost.Happen();
                    await picked.Lost.Released.WaitAsync(proxy._end.Token);
                    await SendAsync(server, command);

                    // The server answers somebody who is gone; it has done it by then.
                    await ReceiveAsync(server, new byte[65_536]);
                    return false;
                default:
                    throw new InvalidOperationException($"Nothing says what {picked.Fault} is.");
            }
        }

        private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes)..];
            }
        }

        /// <summary>0 once there is nothing more.</summary>
        private static async Task<int> ReceiveAsync(Socket socket, byte[] buffer)
        {
            try
            {
                return await socket.ReceiveAsync(buffer);
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }
}

/// <summary>What becomes of a command on the wire; its client hears that the connection broke, at most.</summary>
public enum WireFault
{
    /// <summary>The server does it, and nobody hears of it.</summary>
    LoseAnswer,

    /// <summary>The same, and the client hears that the connection broke once the test says so.</summary>
    HoldAnswer,

    /// <summary>The server never gets it.</summary>
    LoseCommand,

    /// <summary>The server never gets it, and until the test says so the client does not hear that either.</summary>
    Silence,

    /// <summary>The server gets it once the test says so, long after the client has given up.</summary>
    DelayCommand,
}

/// <summary>A command of which a wire makes something else.</summary>
public sealed class LostCommand
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once it came and the fault was done to it; a lost answer had been given by then.</summary>
    public Task Happened => _happened.Task;

    internal Task Released => _released.Task;

    /// <summary>Lets a command go that was delayed, or the connection of one whose answer is held.</summary>
    public void Release() => _released.TrySetResult();

    internal void Happen() => _happened.TrySetResult();
}
