using System.Globalization;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Redis;
using Xunit;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>What many sales cost Redis: commands for all of them together, not for each.</summary>
public sealed class RedisManySalesTests(RedisProcess redis) : IClassFixture<RedisProcess>, IAsyncLifetime
{
    private readonly Sale[] _sales =
    [
        .. Enumerable.Range(0, 200).Select(i => Samples.Sale($"drop-{i}", quantity: 2) with
        {
            OpensAt = DateTimeOffset.UnixEpoch,
        }),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await redis.Database.ExecuteAsync("FLUSHALL");
        var gate = NewGate();
        foreach (var sale in _sales)
        {
            var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, 0);
            await gate.OpenAsync(new GateSnapshot(sale, 1, stock, 0, new Holdings()), Cancel);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A gate that knows no epoch yet is told all of them at once.</summary>
    [Fact]
    public async Task Claims_of_many_sales_are_decided_by_a_few_scripts()
    {
        var gate = NewGate();

        var first = await CountAsync("evalsha", () => ClaimAsync(gate, "anna"));
        var second = await CountAsync("evalsha", () => ClaimAsync(gate, "bert"));

        Assert.InRange(first, 1, 6);
        Assert.InRange(second, 1, 2);
    }

    [Fact]
    public async Task Gates_of_many_sales_are_looked_at_by_a_few_scripts()
    {
        var gate = NewGate();
        await gate.LookAtAllAsync(Array.ConvertAll(_sales, sale => sale.Id), Cancel);

        var scripts = await CountAsync(
            "evalsha", () => gate.LookAtAllAsync(Array.ConvertAll(_sales, sale => sale.Id), Cancel).AsTask());

        Assert.InRange(scripts, 1, 2);
    }

    [Fact]
    public async Task Entries_of_many_sales_are_read_by_one_command_and_deleted_by_one_script()
    {
        await ClaimAsync(NewGate(), "anna");
        await ClaimAsync(NewGate(), "bert");
        var log = new RedisClaimLog(redis.Connection, "worker", TimeSpan.FromSeconds(30), TimeProvider.System);
        IReadOnlyList<AdmittedBatch> entries = [];

        var reads = await CountAsync("xreadgroup", async () => entries = await ReadAsync(log));
        var scripts = await CountAsync("evalsha", () => log.AcknowledgeAsync(entries, Cancel).AsTask());

        Assert.Equal(1, reads);
        Assert.Equal(1, scripts);
        Assert.Equal(_sales.SelectMany(sale => new[] { sale.Id, sale.Id }), entries.Select(entry => entry.Sale));
        Assert.Empty(await ReadAsync(log));
        Assert.Equal(0, (await log.MeasureAsync(_sales[9].Id, Cancel)).Entries);
    }

    /// <summary>One command about all of them gives nothing then, and nothing is lost by it (I4).</summary>
    [Fact]
    public async Task I4_a_log_that_is_gone_holds_up_no_other()
    {
        await ClaimAsync(NewGate(), "anna");
        var log = new RedisClaimLog(redis.Connection, "worker", TimeSpan.FromSeconds(30), TimeProvider.System);
        await redis.Database.KeyDeleteAsync(RedisSales.Claims(_sales[50].Id));

        var entries = await ReadAsync(log);

        Assert.Equal(
            _sales.Select(sale => sale.Id).Where(sale => sale != _sales[50].Id), entries.Select(entry => entry.Sale));
    }

    [Fact]
    public async Task F02_a_server_that_stops_leaves_every_sale_of_a_script_unknown()
    {
        var options = new RedisGateOptions { CallTimeout = TimeSpan.FromMilliseconds(300) };
        var gate = new RedisGate(redis.Connection, options, TimeProvider.System);
        var batches = Array.ConvertAll(_sales, sale => Samples.Batch(sale, Samples.Claim(sale, "carl")));
        redis.Pause();
        try
        {
            await gate.ClaimAsync(batches, Cancel);
            Assert.All(batches, batch => Assert.Null(batch.Answers[0].Outcome));
            var looks = await gate.LookAtAllAsync(Array.ConvertAll(_sales, sale => sale.Id), Cancel);
            Assert.Equal(_sales.Length, looks.Count(look => look is null));
        }
        finally
        {
            redis.Resume();
        }
    }

    private RedisGate NewGate() => new(redis.Connection, new RedisGateOptions(), TimeProvider.System);

    private async Task ClaimAsync(RedisGate gate, string buyer)
    {
        var batches = Array.ConvertAll(_sales, sale => Samples.Batch(sale, Samples.Claim(sale, buyer)));
        await gate.ClaimAsync(batches, Cancel);
        Assert.All(batches, batch => Assert.Equal(Outcome.Admitted, batch.Answers[0].Outcome));
    }

    private ValueTask<IReadOnlyList<AdmittedBatch>> ReadAsync(RedisClaimLog log) =>
        log.ReadAsync(Array.ConvertAll(_sales, sale => sale.Id), most: 9, Cancel);

    private async Task<long> CountAsync(string command, Func<Task> act)
    {
        var before = await CallsAsync(command);
        await act();
        return await CallsAsync(command) - before;
    }

    private async Task<long> CallsAsync(string command)
    {
        var stats = (string)(await redis.Database.ExecuteAsync("INFO", "commandstats"))!;
        var line = stats.Split('\n').FirstOrDefault(
            one => one.StartsWith($"cmdstat_{command}:calls=", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture);
    }
}
