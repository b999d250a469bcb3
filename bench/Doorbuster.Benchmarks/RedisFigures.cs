using System.Diagnostics;
using System.Globalization;
using Doorbuster.Claims;
using Doorbuster.Redis;

namespace Doorbuster.Benchmarks;

/// <summary>
/// The gate in Redis by itself: claims a second beside the fastest that Redis does one by one, the memory that a buyer
/// takes, and how soon a gate of a million orders is open.
/// </summary>
internal sealed class RedisFigures(BenchOptions options)
{
    private const int Buyers = 1_000_000;
    private const int InFlight = 512;
    private const int BatchSize = 256;

    private long _buyers;

    /// <summary>
    /// So many claims in flight, each of a new buyer and all admitted, so that every batch is logged; against INCR with
    /// as many connections, each of which waits for its answer.
    /// </summary>
    public async Task<IReadOnlyList<Figure>> ClaimsAsync()
    {
        await using var redis = await RedisProcess.StartAsync();
        var runs = new List<(double Claims, double Incr)>();
        await ClaimForAsync(redis, TimeSpan.FromSeconds(2));
        for (var run = 0; run < options.Runs; run++)
        {
            runs.Add((await ClaimForAsync(redis, TimeSpan.FromSeconds(options.Seconds)), await IncrAsync(redis)));
            var (claims, incr) = runs[^1];
            await Console.Error.WriteLineAsync($"  {claims:0} ÷ {incr:0} = {claims / incr:0.000}");
        }

        var middle = runs.OrderBy(pair => pair.Claims / pair.Incr).ElementAt(runs.Count / 2);
        return
        [
            Figure.AtLeast(
                "claims a second at the Redis gate, 512 in flight ÷ INCR of redis-benchmark, 512 connections", 3.5,
                [.. runs.Select(pair => pair.Claims / pair.Incr)],
                string.Create(CultureInfo.InvariantCulture, $"{middle.Claims:#,0}/s ÷ {middle.Incr:#,0}/s")),
        ];
    }

    /// <summary>What it costs to have every batch on disk before it is answered, against a sync a second.</summary>
    public async Task<IReadOnlyList<Figure>> SyncAsync()
    {
        await using var always = await RedisProcess.StartAsync("always");
        await using var everySecond = await RedisProcess.StartAsync("everysec");
        var time = TimeSpan.FromSeconds(options.Seconds);
        var runs = new List<(double Always, double EverySecond)>();
        for (var run = 0; run < options.Runs; run++)
        {
            runs.Add((await ClaimForAsync(always, time), await ClaimForAsync(everySecond, time)));
        }

        var middle = runs.OrderBy(pair => pair.Always / pair.EverySecond).ElementAt(runs.Count / 2);
        return
        [
            Figure.Shown(
                "claims a second at the Redis gate, appendfsync always ÷ everysec, 512 in flight",
                [.. runs.Select(pair => pair.Always / pair.EverySecond)],
                string.Create(
                    CultureInfo.InvariantCulture, $"{middle.Always:#,0}/s ÷ {middle.EverySecond:#,0}/s")),
        ];
    }

    /// <summary>What a buyer takes once the log is drained, and how soon a new gate has them all.</summary>
    public async Task<IReadOnlyList<Figure>> MillionAsync()
    {
        var bytes = await BytesABuyerAsync();
        var seconds = new List<double>();
        for (var run = 0; run < options.Runs; run++)
        {
            seconds.Add(await OpenAsync());
            await Console.Error.WriteLineAsync($"  opened in {seconds[^1]:0.00} s");
        }

        return
        [
            Figure.Under(
                "Redis memory an admitted buyer, of 1,000,000, ids of 36 characters", 160, "bytes", [bytes],
                "one run, the log drained"),
            Figure.Under(
                "a gate in Redis opened anew for 1,000,000 orders, loading and swap", 2, "s", seconds,
                "the store's snapshot not included"),
        ];
    }

    private async Task<double> ClaimForAsync(RedisProcess redis, TimeSpan time)
    {
        var (gate, sale) = await OpenAsync(redis);
        var watch = Stopwatch.StartNew();
        var claimed = await Task.WhenAll(Enumerable.Range(0, InFlight / BatchSize)
            .Select(_ => Task.Run(() => ClaimAsync(gate, sale, () => watch.Elapsed < time))));
        var seconds = watch.Elapsed.TotalSeconds;
        var left = await LeftAsync(gate, sale);
        var logged = await redis.Database.ExecuteAsync("XLEN", RedisProcess.Claims(sale.Id));
        await redis.Database.ExecuteAsync("FLUSHALL");
        return sale.Quantity - left == claimed.Sum() && (long)logged == claimed.Sum() / BatchSize
            ? claimed.Sum() / seconds
            : throw new InvalidOperationException($"{claimed.Sum()} admitted, {left} left, {logged} entries.");
    }

    private async Task<long> ClaimAsync(RedisGate gate, Sale sale, Func<bool> goesOn)
    {
        var batch = new SaleBatch();
        var admitted = 0L;
        while (goesOn())
        {
            batch.Begin(sale.Id);
            for (var i = 0; i < BatchSize; i++)
            {
                batch.Add(NewClaim(sale));
            }

            await gate.ClaimAsync([batch], CancellationToken.None);
            foreach (var answer in batch.Answers)
            {
                admitted += answer.Outcome == Outcome.Admitted
                    ? 1
                    : throw new InvalidOperationException($"A claim was told {answer.Outcome}.");
            }
        }

        return admitted;
    }

    private async Task<double> IncrAsync(RedisProcess redis)
    {
        var output = await redis.BenchmarkAsync(
            "-t", "incr", "-c", $"{InFlight}", "-n", $"{options.Seconds * 100_000}", "--csv");
        var line = output.Split('\n').First(l => l.StartsWith("\"INCR\"", StringComparison.Ordinal));
        return double.Parse(line.Split(',')[1].Trim('"'), CultureInfo.InvariantCulture);
    }

    private async Task<double> BytesABuyerAsync()
    {
        await using var redis = await RedisProcess.StartAsync();
        var (gate, sale) = await OpenAsync(redis);
        await ClaimAsync(gate, sale, CountDown(1));
        await DrainAsync(redis, sale);
        var before = await redis.UsedMemoryAsync();
        await ClaimAsync(gate, sale, CountDown(Buyers / BatchSize));
        await DrainAsync(redis, sale);
        return (await redis.UsedMemoryAsync() - before) / (double)(Buyers / BatchSize * BatchSize);
    }

    private static Task DrainAsync(RedisProcess redis, Sale sale) => redis.Database.ExecuteAsync(
        "XTRIM", RedisProcess.Claims(sale.Id), "MAXLEN", "0");

    private async Task<double> OpenAsync()
    {
        await using var redis = await RedisProcess.StartAsync();
        var (gate, sale) = await OpenAsync(redis);
        var holdings = new Holdings(Buyers);
        for (var i = 0; i < Buyers; i++)
        {
            var claim = NewClaim(sale);
            holdings.Add(claim.Buyer, new HeldOrder(claim.Order.Key, 1));
        }

        var snapshot = new GateSnapshot(sale, 2, new Stock(sale.Quantity, 0, 0, 0, 0), Buyers, holdings);
        var watch = Stopwatch.StartNew();
        var isFenced = await gate.FenceAsync(sale.Id, epoch: 1, CancellationToken.None);
        var view = await gate.OpenAsync(snapshot, CancellationToken.None);
        var seconds = watch.Elapsed.TotalSeconds;
        return isFenced && view?.Available == sale.Quantity - Buyers
            ? seconds
            : throw new InvalidOperationException($"The gate was opened with {view}.");
    }

    private static async Task<(RedisGate Gate, Sale Sale)> OpenAsync(RedisProcess redis)
    {
        var sale = Sales.New("drop", Sale.MaxQuantity);
        var gate = new RedisGate(
            redis.Connection,
            new RedisGateOptions { CallTimeout = TimeSpan.FromSeconds(30), MaxQueueAge = TimeSpan.FromHours(1) },
            TimeProvider.System);
        var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, 0);
        return await gate.OpenAsync(new GateSnapshot(sale, 1, stock, 0, new Holdings()), CancellationToken.None) is null
            ? throw new InvalidOperationException("The gate was not opened.")
            : (gate, sale);
    }

    private static async Task<long> LeftAsync(RedisGate gate, Sale sale) =>
        (await gate.LookAsync(sale.Id, CancellationToken.None)).View?.Available ?? -1;

    private static Func<bool> CountDown(int batches) => () => batches-- > 0;

    /// <summary>A claim of a buyer who never came before; its order id looks like any other.</summary>
    private Claim NewClaim(Sale sale)
    {
        var number = (ulong)Interlocked.Increment(ref _buyers);
        var key = new OrderKey(number * 0x9E3779B97F4A7C15, number * 0xBF58476D1CE4E5B9);
        return new Claim(new OrderId(sale.Id, key), BuyerId.Parse($"buyer-{number:D30}"), 1);
    }
}
