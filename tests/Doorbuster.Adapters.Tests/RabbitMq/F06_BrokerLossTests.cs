using Doorbuster.Adapters.Tests.Redis;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.RabbitMq;
using Doorbuster.Redis;
using Doorbuster.Servers;
using RabbitMQ.Client;
using Xunit;

namespace Doorbuster.Adapters.Tests.RabbitMq;

/// <summary>
/// Gate, log, forwarder, broker and worker together, over real servers (I2, I4): whatever becomes of the broker, sales
/// go on, the log holds, and everything admitted stands in the end, once.
/// </summary>
public sealed class F06_BrokerLossTests(RedisProcess redis, RabbitProcess rabbit)
    : IClassFixture<RedisProcess>, IClassFixture<RabbitProcess>, IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly LogReaderOptions Reading = new() { TakeOverAfter = TimeSpan.FromSeconds(1) };

    private readonly CancellationTokenSource _stop = new();
    private readonly RecordingFulfilment _ledger = new();
    private readonly Sale _sale = Samples.Sale(quantity: 10_000) with { OpensAt = DateTimeOffset.UnixEpoch };
    private readonly string _queue = $"claims-{Guid.NewGuid():N}";
    private readonly RedisGate _gate = new(redis.Connection, new RedisGateOptions(), TimeProvider.System);
    private readonly HashSet<Claim> _admitted = [];
    private RabbitTransport? _sending;
    private RabbitTransport? _receiving;
    private Task _loops = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        await redis.Database.ExecuteAsync("FLUSHALL");
        _sending = NewTransport();
        _receiving = NewTransport();
        var stock = new Stock(_sale.Quantity, _sale.Quantity, 0, 0, 0);
        Assert.NotNull(await _gate.OpenAsync(new GateSnapshot(_sale, 1, stock, 0, new Holdings()), default));
        var reader = new LogReader(Log("forwarder"), () => [_sale.Id], Reading, TimeProvider.System);
        var forwarder = new Forwarder(reader, _sending, TimeProvider.System);
        var fulfiller = new Fulfiller(_ledger, TimeProvider.System);
        var worker = new TransportWorker(_receiving, Log("worker"), fulfiller, TimeProvider.System);
        _loops = Task.WhenAll(forwarder.RunAsync(_stop.Token), worker.RunAsync(_stop.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _loops);
        await _sending!.DisposeAsync();
        await _receiving!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task F06_with_the_broker_down_sales_go_on_and_the_backlog_drains_later()
    {
        await AdmitAsync(20);
        await StandsAsync();
        await rabbit.RestartAsync();
        await AdmitAsync(20);
        await StandsAsync();

        await rabbit.KillAsync();
        await AdmitAsync(20);
        Assert.Equal(20, (await Log("test").MeasureAsync(_sale.Id, default)).Entries);
        await Waiting.UntilAsync("it is told that the broker is away", () => _receiving!.Fault is not null);
        Assert.Contains($"{rabbit.Address.Port}", _receiving!.Fault, StringComparison.Ordinal);
        await rabbit.StartAsync();
        await AdmitAsync(20);

        await StandsAsync();
        Assert.Null(_receiving.Fault);
    }

    [Fact]
    public async Task F06_what_was_in_a_queue_that_is_deleted_is_sent_again()
    {
        await AdmitAsync(5);
        await StandsAsync();
        for (var i = 0; i < 3; i++)
        {
            await AdmitAsync(10);
            await DeleteQueueAsync();
            await AdmitAsync(10);
        }

        await StandsAsync();
    }

    /// <summary>Each claim is a batch of its own, so that there are many entries.</summary>
    private async Task AdmitAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var claim = Samples.Claim(_sale, $"buyer-{_admitted.Count}");
            var batch = Samples.Batch(_sale, claim);
            await _gate.ClaimAsync([batch], default);
            Assert.Equal(Outcome.Admitted, batch.Answers[0].Outcome);
            _admitted.Add(claim);
        }
    }

    private async Task StandsAsync()
    {
        await Waiting.UntilAsync(
            "the log is drained",
            async () => _loops.IsCompleted || (await Log("test").MeasureAsync(_sale.Id, default)).Entries == 0);
        Assert.False(_loops.IsCompleted);
        Assert.Equal(_admitted.Count, _ledger.Committed.Count);
        Assert.True(_admitted.SetEquals(_ledger.Committed));
    }

    private async Task DeleteQueueAsync()
    {
        var factory = new ConnectionFactory { Uri = rabbit.Address };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(_queue);
    }

    private RedisClaimLog Log(string reader) => new(redis.Connection, reader, Timeout, TimeProvider.System);

    private RabbitTransport NewTransport() =>
        new(rabbit.Address, new RabbitOptions { Queue = _queue, Timeout = Timeout }, TimeProvider.System);
}
