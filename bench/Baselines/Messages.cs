using System.Text;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Doorbuster.Baselines;

/// <summary>
/// RabbitMQ between a request and its order: a persistent message each, confirmed by the broker before the request is
/// answered, and a transaction each at the other end, acknowledged after it.
/// </summary>
internal sealed class Messages : IAsyncDisposable
{
    /// <summary>Transactions at once: more only wait for the same row.</summary>
    private const ushort Consumers = 16;

    /// <summary>Channels that publish: one alone would take turns.</summary>
    private const int Publishers = 8;

    private readonly IConnection _connection;
    private readonly IChannel[] _publishers;
    private readonly NpgsqlDataSource _database;
    private readonly string _queue;
    private int _next;

    private Messages(IConnection connection, IChannel[] publishers, NpgsqlDataSource database, string queue)
    {
        _queue = queue;
        _connection = connection;
        _publishers = publishers;
        _database = database;
    }

    public static async Task<Messages> OpenAsync(Uri address, string queue, NpgsqlDataSource database)
    {
        var factory = new ConnectionFactory { Uri = address };
        var connection = await factory.CreateConnectionAsync();
        var confirmed = new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true,
            outstandingPublisherConfirmationsRateLimiter: null);
        var publishers = new List<IChannel>();
        for (var i = 0; i < Publishers; i++)
        {
            publishers.Add(await connection.CreateChannelAsync(confirmed));
        }

        var messages = new Messages(connection, [.. publishers], database, queue);
        await messages.ConsumeAsync();
        return messages;
    }

    /// <summary>Returns once the broker has the message.</summary>
    public async Task SendAsync(string sale, string buyer)
    {
        var channel = _publishers[(uint)Interlocked.Increment(ref _next) % Publishers];
        await channel.BasicPublishAsync(
            "", _queue, mandatory: true, new BasicProperties { Persistent = true },
            Encoding.UTF8.GetBytes($"{sale} {buyer}"));
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private async Task ConsumeAsync()
    {
        var channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(false, false, consumerDispatchConcurrency: Consumers));
        await channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false);
        await channel.BasicQosAsync(0, prefetchCount: Consumers * 4, global: false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            var words = Encoding.UTF8.GetString(delivery.Body.Span).Split(' ', 2);
            try
            {
                await ConditionalUpdate.OrderAsync(_database, words[0], words[1]);
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            }
            catch (NpgsqlException)
            {
                await channel.BasicNackAsync(delivery.DeliveryTag, multiple: false, requeue: true);
            }
        };
        await channel.BasicConsumeAsync(_queue, autoAck: false, consumer);
    }
}
