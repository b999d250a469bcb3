using System.Globalization;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Payments;
using Doorbuster.RabbitMq;
using Doorbuster.Servers;
using RabbitMQ.Client;
using Xunit;

namespace Doorbuster.Adapters.Tests.RabbitMq;

/// <summary>The transport over a real broker to which things happen (I4, F06).</summary>
public sealed class RabbitTransportTests(RabbitProcess rabbit) : IClassFixture<RabbitProcess>, IAsyncDisposable
{
    private static int _queues;

    private readonly Sale _sale = Samples.Sale();
    private readonly List<RabbitTransport> _open = [];
    private readonly RabbitOptions _options = new()
    {
        Queue = string.Create(CultureInfo.InvariantCulture, $"claims-{Interlocked.Increment(ref _queues)}"),
        Timeout = TimeSpan.FromSeconds(3),
        Prefetch = 4,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _open)
        {
            await transport.DisposeAsync();
        }
    }

    [Fact]
    public async Task Entries_arrive_as_they_were_sent_and_in_their_order()
    {
        var transport = Open();
        Assert.True(PaymentId.TryParse("pay-1", out var payment));
        var late = Samples.Claim(_sale, "anna") with { Revival = new Revival(payment, 2) };
        AdmittedBatch[] entries = [Entry(1, late, Samples.Claim(_sale, "bert", units: 3)), Entry(2), Entry(3)];

        Assert.Equal(entries, await transport.SendAsync(entries, Cancel));
        var received = await ReceiveAsync(transport, 3);

        Assert.Equal(entries.Select(Describe), received.Select(delivery => Describe(delivery.Entry)));
    }

    [Fact]
    public async Task A_worker_has_only_so_many_in_its_hands_and_what_it_acknowledged_is_gone()
    {
        var transport = Open();
        var entries = Enumerable.Range(1, 6).Select(i => Entry(i)).ToArray();
        await transport.SendAsync(entries, Cancel);

        var first = await ReceiveAsync(transport, 4);
        Assert.Equal(4, first.Count);
        await transport.AcknowledgeAsync(first, Cancel);
        Assert.Equal(["5-0", "6-0"], (await ReceiveAsync(transport, 2)).Select(delivery => delivery.Entry.Id));

        // Another worker is given what this one leaves, and nothing that it had acknowledged.
        await transport.DisposeAsync();
        Assert.Equal(["5-0", "6-0"], (await ReceiveAsync(Open(), 2)).Select(delivery => delivery.Entry.Id));
    }

    [Fact]
    public async Task F06_a_queue_that_was_deleted_is_declared_again_and_nothing_counts_as_taken_meanwhile()
    {
        var transport = Open();
        await transport.SendAsync([Entry(1)], Cancel);
        await DeleteQueueAsync();

        Assert.Empty(await transport.SendAsync([Entry(2)], Cancel));
        Assert.Equal(["2-0"], (await transport.SendAsync([Entry(2)], Cancel)).Select(entry => entry.Id));
        Assert.Equal(["2-0"], (await ReceiveAsync(transport, 1)).Select(delivery => delivery.Entry.Id));
    }

    [Fact]
    public async Task F06_a_worker_whose_queue_is_deleted_hears_of_it_and_goes_on_with_the_next()
    {
        var transport = Open();
        await transport.SendAsync([Entry(1)], Cancel);
        await transport.AcknowledgeAsync(await ReceiveAsync(transport, 1), Cancel);
        var waiting = transport.ReceiveAsync(1, Cancel).AsTask();

        await DeleteQueueAsync();

        await Assert.ThrowsAsync<TransportUnavailableException>(() => waiting);
        var next = transport.ReceiveAsync(1, Cancel).AsTask();
        await Waiting.UntilAsync("it is sent", async () => (await transport.SendAsync([Entry(2)], Cancel)).Count == 1);
        Assert.Equal("2-0", (await next)[0].Entry.Id);
    }

    [Fact]
    public async Task F06_what_a_broker_confirmed_it_still_has_after_a_power_cut()
    {
        var transport = Open();
        var entries = Enumerable.Range(1, 3).Select(i => Entry(i)).ToArray();
        await transport.SendAsync(entries[..1], Cancel);
        await rabbit.RestartAsync();
        await Waiting.UntilAsync(
            "the rest is sent", async () => (await transport.SendAsync(entries[1..], Cancel)).Count == 2);

        await rabbit.KillAsync();
        Assert.Empty(await transport.SendAsync([Entry(4)], Cancel));
        await Assert.ThrowsAsync<TransportUnavailableException>(() => transport.ReceiveAsync(1, Cancel).AsTask());
        await rabbit.StartAsync();

        var received = await ReceiveAsync(transport, 3);
        Assert.Equal(entries.Select(Describe), received.Select(delivery => Describe(delivery.Entry)));
    }

    [Fact]
    public async Task F06_a_broker_that_hangs_is_waited_for_only_so_long_and_may_double_what_is_sent_again()
    {
        var transport = Open();
        await transport.SendAsync([Entry(1)], Cancel);
        await rabbit.PauseAsync();
        try
        {
            Assert.Empty(await transport.SendAsync([Entry(2)], Cancel));
        }
        finally
        {
            await rabbit.ResumeAsync();
        }

        await Waiting.UntilAsync("it is sent", async () => (await transport.SendAsync([Entry(2)], Cancel)).Count == 1);
        var ids = (await ReceiveAsync(transport, 2)).Select(delivery => delivery.Entry.Id).ToList();
        Assert.Equal("1-0", ids[0]);
        Assert.All(ids.Skip(1), id => Assert.Equal("2-0", id));
    }

    [Fact]
    public async Task A_message_of_somebody_else_is_dropped_and_holds_up_nothing()
    {
        var transport = Open();
        var unreadable = new List<string?>();
        transport.Unreadable += (id, _) => unreadable.Add(id);
        await transport.SendAsync([Entry(1)], Cancel);
        await transport.AcknowledgeAsync(await ReceiveAsync(transport, 1), Cancel);
        await WithChannelAsync(channel => channel.BasicPublishAsync(
            "", _options.Queue, true, new BasicProperties { MessageId = "theirs" }, "hello"u8.ToArray()).AsTask());

        await transport.SendAsync([Entry(2)], Cancel);

        Assert.Equal("2-0", (await ReceiveAsync(transport, 1))[0].Entry.Id);
        Assert.Equal(["theirs"], unreadable);
    }

    private RabbitTransport Open()
    {
        var transport = new RabbitTransport(rabbit.Address, _options, TimeProvider.System);
        _open.Add(transport);
        return transport;
    }

    /// <summary>
    /// Receives until there are so many; a broker that has just been started may want to be asked again.
    /// </summary>
    private static async Task<List<Delivery>> ReceiveAsync(RabbitTransport transport, int count)
    {
        var received = new List<Delivery>();
        await Waiting.UntilAsync(
            "entries are received",
            async () =>
            {
                try
                {
                    received.AddRange(await transport.ReceiveAsync(count - received.Count, Cancel));
                }
                catch (TransportUnavailableException)
                {
                    received.Clear();
                }

                return received.Count >= count;
            });
        return received;
    }

    private Task DeleteQueueAsync() => WithChannelAsync(channel => channel.QueueDeleteAsync(_options.Queue));

    private async Task WithChannelAsync(Func<IChannel, Task> act)
    {
        var factory = new ConnectionFactory { Uri = rabbit.Address };
        await using var connection = await factory.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        await act(channel);
    }

    private AdmittedBatch Entry(int number, params Claim[] claims) => new(
        _sale.Id, string.Create(CultureInfo.InvariantCulture, $"{number}-0"), 3, 2, Samples.Noon,
        claims.Length > 0 ? claims : [Samples.Claim(_sale, "anna")]);

    private static string Describe(AdmittedBatch entry) =>
        $"{entry with { Claims = [] }} {string.Join(", ", entry.Claims)}";
}
