using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Doorbuster.Benchmarks;

/// <summary>
/// How far the workers are behind the gate, by the age of the oldest entry of each sale's log; Redis's own clock says
/// when it was written and what time it is.
/// </summary>
internal sealed class Backlog : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly IDatabase _redis;
    private readonly IReadOnlyList<SaleId> _sales;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;
    private double _worst;

    /// <summary>Begins to watch.</summary>
    public Backlog(IDatabase redis, IReadOnlyList<SaleId> sales)
    {
        _redis = redis;
        _sales = sales;
        _watching = WatchAsync();
    }

    /// <summary>The oldest that an entry was seen to become, in seconds.</summary>
    public double Worst => Volatile.Read(ref _worst);

    /// <summary>Waits until every log is empty.</summary>
    /// <exception cref="TimeoutException">One was not within a minute.</exception>
    public async Task EmptyAsync()
    {
        var clock = Stopwatch.StartNew();
        for (var rest = _sales; rest.Count > 0; rest = await FullAsync(rest))
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException($"The log of {rest[0]} is not empty after a minute.");
            }
        }
    }

    /// <summary>Those whose logs have entries; all are asked at once, which takes no time worth counting.</summary>
    private async Task<IReadOnlyList<SaleId>> FullAsync(IReadOnlyList<SaleId> sales)
    {
        var lengths = await Task.WhenAll(
            sales.Select(sale => _redis.ExecuteAsync("XLEN", RedisProcess.Claims(sale))));
        await Task.Delay(1);
        return [.. sales.Where((_, i) => (long)lengths[i] > 0)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        // Some of many sales say enough: what is behind is the worker, which takes them in turn.
        var watched = _sales.Take(16).ToList();
        while (!_stopping.IsCancellationRequested)
        {
            foreach (var sale in watched)
            {
                var oldest = (RedisResult[])(await _redis.ExecuteAsync(
                    "XRANGE", RedisProcess.Claims(sale), "-", "+", "COUNT", 1))!;
                if (oldest.Length > 0)
                {
                    var id = (string)((RedisResult[])oldest[0]!)[0]!;
                    Volatile.Write(ref _worst, Math.Max(Worst, await AgeAsync(id)));
                }
            }

            await Task.Delay(Pause);
        }
    }

    private async Task<double> AgeAsync(string id)
    {
        var time = (RedisResult[])(await _redis.ExecuteAsync("TIME"))!;
        var now = ((long)time[0] * 1_000) + ((long)time[1] / 1_000);
        var written = long.Parse(id.Split('-')[0], CultureInfo.InvariantCulture);
        return (now - written) / 1e3;
    }
}
