using System.Net.Sockets;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Doorbuster.RabbitMq;

/// <summary>
/// A connection to RabbitMQ with one channel, made when it is first needed and made anew after anything failed: what a
/// broken channel still knows is not worth knowing.
/// </summary>
/// <remarks>Whoever uses it does so in one loop; a second call waits for the first.</remarks>
internal sealed class RabbitLink(
    Uri address, RabbitOptions options, TimeProvider clock, bool confirms,
    Func<IChannel, CancellationToken, Task>? prepare = null) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private IConnection? _connection;
    private volatile IChannel? _channel;

    /// <summary>Whether there is a channel that stands.</summary>
    public bool IsOpen => _channel is { IsOpen: true };

    /// <summary>The channel that stands, its queue declared.</summary>
    /// <exception cref="Exception">RabbitMQ cannot be reached now: see <see cref="Passes"/>.</exception>
    public async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } channel)
            {
                return channel;
            }

            await CloseAsync();
            return await OpenAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives a channel up: the next one who asks has a new one.</summary>
    public async Task DropAsync(IChannel channel)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (ReferenceEquals(channel, _channel))
            {
                await CloseAsync();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Whether a fault is RabbitMQ's being away, restarted or without its queue: it passes.</summary>
    public static bool Passes(Exception fault) => fault
        is RabbitMQClientException or TimeoutException or IOException or SocketException or ObjectDisposedException
        or OperationCanceledException or ChannelClosedException;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Timeout, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var factory = new ConnectionFactory
        {
            Uri = address,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = options.Timeout,
            ContinuationTimeout = options.Timeout,
            HandshakeContinuationTimeout = options.Timeout,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
        };
        _connection = await factory.CreateConnectionAsync(end.Token);
        try
        {
            var channel = await _connection.CreateChannelAsync(new CreateChannelOptions(confirms, confirms), end.Token);
            var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
            await channel.QueueDeclareAsync(
                options.Queue, durable: true, exclusive: false, autoDelete: false, arguments: arguments,
                cancellationToken: end.Token);
            if (prepare is not null)
            {
                await prepare(channel, end.Token);
            }

            _channel = channel;
            return channel;
        }
        catch
        {
            // A connection that is only half made could still be given messages, which nobody would ever read.
            await CloseAsync();
            throw;
        }
    }

    private static async Task EndAsync(IConnection connection)
    {
        await connection.AbortAsync(TimeSpan.FromSeconds(1));
        await connection.DisposeAsync();
    }

    private async Task CloseAsync()
    {
        var connection = _connection;
        _connection = null;
        _channel = null;
        if (connection is not null)
        {
            try
            {
                await EndAsync(connection).WaitAsync(options.Timeout, clock);
            }
            catch (Exception fault) when (Passes(fault))
            {
                // It was broken before.
            }
        }
    }
}
