using System.Threading.Channels;
using Doorbuster.Dispatch;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Doorbuster.RabbitMq;

/// <summary>
/// RabbitMQ between the claim log and the workers: a durable quorum queue, entries published as mandatory with confirms
/// and consumed with a prefetch. Whatever fails, the next call begins on a new connection and declares the queue again.
/// </summary>
/// <remarks>
/// An entry counts as taken only when RabbitMQ has confirmed it within the time-out and has not returned it. One loop
/// sends and one receives. Tests: <c>RabbitTransportTests</c>, <c>F06_*</c>.
/// </remarks>
public sealed class RabbitTransport : IClaimTransport, IAsyncDisposable
{
    private readonly Uri _address;
    private readonly RabbitOptions _options;
    private readonly TimeProvider _clock;
    private readonly RabbitLink _sending;
    private readonly RabbitLink _receiving;
    private Channel<Delivery> _inbox = Channel.CreateUnbounded<Delivery>();

    /// <summary>Connects when it is first used.</summary>
    /// <param name="address">The broker: <c>amqp://user:password@host:5672/vhost</c>.</param>
    /// <param name="options">Queue and times.</param>
    /// <param name="clock">The time by which steps run out of it.</param>
    public RabbitTransport(Uri address, RabbitOptions options, TimeProvider clock)
    {
        _address = address;
        _options = options;
        _clock = clock;
        _sending = new RabbitLink(address, options, clock, confirms: true);
        _receiving = new RabbitLink(address, options, clock, confirms: false, ConsumeAsync);
    }

    /// <summary>
    /// What is amiss with the broker, in words, as far as the consumer knows: a broker that hangs is known once it has
    /// missed heartbeats. Null where nothing is.
    /// </summary>
    public string? Fault =>
        _receiving.IsOpen ? null : $"RabbitMQ cannot be reached ({_address.Host}:{_address.Port}).";

    /// <summary>Raised for a message that is none of ours; it is dropped, for what it was is in the log.</summary>
    public event Action<string?, FormatException>? Unreadable;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyCollection<AdmittedBatch>> SendAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        IChannel channel;
        try
        {
            channel = await _sending.ChannelAsync(cancellationToken);
        }
        catch (Exception fault) when (RabbitLink.Passes(fault) && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }

        // All are on their way before the first confirm is waited for.
        var sent = entries.Select(entry => SendAsync(channel, entry)).ToArray();
        var taken = await Task.WhenAll(sent);
        if (!Array.TrueForAll(taken, isTaken => isTaken))
        {
            await _sending.DropAsync(channel);
        }

        return [.. entries.Where((_, i) => taken[i])];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Delivery>> ReceiveAsync(int most, CancellationToken cancellationToken)
    {
        try
        {
            var channel = await _receiving.ChannelAsync(cancellationToken);
            var inbox = _inbox.Reader;
            if (await inbox.WaitToReadAsync(cancellationToken))
            {
                var deliveries = new List<Delivery>();
                while (deliveries.Count < most && inbox.TryRead(out var delivery))
                {
                    deliveries.Add(delivery);
                }

                return deliveries;
            }

            await _receiving.DropAsync(channel);
        }
        catch (Exception fault) when (RabbitLink.Passes(fault) && !cancellationToken.IsCancellationRequested)
        {
            throw new TransportUnavailableException("RabbitMQ cannot be reached.", fault);
        }

        throw new TransportUnavailableException("RabbitMQ ended the consumer: its queue is gone, or it was stopped.");
    }

    /// <inheritdoc/>
    public async ValueTask AcknowledgeAsync(
        IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var delivery in deliveries)
            {
                var (channel, tag) = ((IChannel, ulong))delivery.Receipt;
                await channel.BasicAckAsync(tag, multiple: false, cancellationToken).AsTask()
                    .WaitAsync(_options.Timeout, _clock, cancellationToken);
            }
        }
        catch (Exception fault) when (RabbitLink.Passes(fault) && !cancellationToken.IsCancellationRequested)
        {
            // The channel that brought them is gone, so that they are brought again.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sending.DisposeAsync();
        await _receiving.DisposeAsync();
    }

    /// <summary>Whether RabbitMQ has surely taken it.</summary>
    private async Task<bool> SendAsync(IChannel channel, AdmittedBatch entry)
    {
        try
        {
            await channel.BasicPublishAsync(
                exchange: "", _options.Queue, mandatory: true, EntryMessage.PropertiesOf(entry),
                EntryMessage.BodyOf(entry)).AsTask().WaitAsync(_options.Timeout, _clock);
            return true;
        }
        catch (Exception fault) when (RabbitLink.Passes(fault))
        {
            return false;
        }
    }

    private async Task ConsumeAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var inbox = Channel.CreateUnbounded<Delivery>();
        _inbox = inbox;
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => TakeAsync(channel, inbox, message);
        consumer.UnregisteredAsync += (_, _) => EndAsync(inbox);
        consumer.ShutdownAsync += (_, _) => EndAsync(inbox);
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)_options.Prefetch, global: false, cancellationToken);
        await channel.BasicConsumeAsync(_options.Queue, autoAck: false, consumer, cancellationToken);
    }

    private async Task TakeAsync(IChannel channel, Channel<Delivery> inbox, BasicDeliverEventArgs message)
    {
        try
        {
            var entry = EntryMessage.Read(message.BasicProperties, message.Body.Span);
            inbox.Writer.TryWrite(new Delivery(entry, (channel, message.DeliveryTag)));
        }
        catch (FormatException fault)
        {
            Unreadable?.Invoke(message.BasicProperties.MessageId, fault);
            await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: false);
        }
    }

    private static Task EndAsync(Channel<Delivery> inbox)
    {
        inbox.Writer.TryComplete();
        return Task.CompletedTask;
    }
}
