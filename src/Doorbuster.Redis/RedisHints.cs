using Doorbuster.Notification;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>
/// Hints by Redis's pub/sub, in one channel for all sales. It is the plain kind, not the sharded one: clients of this
/// generation do not speak that, in a cluster every node passes plain messages on, and 20 bytes an order are little.
/// </summary>
/// <remarks>
/// A node hears its own messages too and leaves them out by its name. After a server was away the client subscribes
/// again by itself; what was said meanwhile is lost. Tests: <c>RedisHintTests</c>.
/// </remarks>
/// <param name="redis">The connection; it is the caller's to close.</param>
/// <param name="node">A name of this process alone.</param>
/// <param name="timeout">How long sending may take.</param>
/// <param name="clock">The time by which it is over.</param>
public sealed class RedisHints(IConnectionMultiplexer redis, string node, TimeSpan timeout, TimeProvider clock) : IHints
{
    private static readonly RedisChannel Channel = new("db:hints", RedisChannel.PatternMode.Literal);

    private readonly PackedHints _packed = new(node);
    private readonly ISubscriber _subscriber = redis.GetSubscriber();

    /// <inheritdoc/>
    public async ValueTask SendAsync(IReadOnlyList<OrderHint> hints, CancellationToken cancellationToken)
    {
        try
        {
            await _subscriber.PublishAsync(Channel, _packed.Pack(hints)).WaitAsync(timeout, clock, cancellationToken);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            // Who waits for these orders looks for them.
        }
    }

    /// <inheritdoc/>
    public void Listen(Action<IReadOnlyList<OrderHint>> heard) => _ = SubscribeAsync((_, message) =>
    {
        if (_packed.Read((byte[]?)message ?? []) is { Count: > 0 } hints)
        {
            heard(hints);
        }
    });

    private async Task SubscribeAsync(Action<RedisChannel, RedisValue> take)
    {
        try
        {
            await _subscriber.SubscribeAsync(Channel, take);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            // The client has noted it, and subscribes as soon as it has a server.
        }
    }
}
