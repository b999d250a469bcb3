using System.Diagnostics;
using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>
/// 10,000 WebSockets that watch a sale in which nothing happens: the memory each costs, what they take from the claims
/// of other sales, and how soon all are told that theirs is sold out.
/// </summary>
internal sealed class WatcherFigures(ThroughputFigures throughput, BenchOptions options)
{
    private const int Count = 10_000;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var server = await throughput.StartAsync();
        var (memory, rate) = await IdleAsync(server);
        var told = new List<double>();
        for (var run = 0; run < options.Runs; run++)
        {
            told.Add(await SellOutAsync(server, $"gone-{run}"));
        }

        return
        [
            memory,
            Figure.Under(
                "from the last unit's 201 until 10,000 watchers were told", 1, "s", told, "over WebSockets"),
            rate,
        ];
    }

    private async Task<(Figure Memory, Figure Rate)> IdleAsync(ServerProcess server)
    {
        var sale = await server.CreateSaleAsync("quiet", 1);
        var before = server.ResidentBytes;
        using var watchers = await Watchers.OpenAsync(server.Address, sale, Count);
        var after = server.ResidentBytes;
        var memory = Figure.Under(
            "resident memory an idle watcher costs, of 10,000", 15, "KB", [(after - before) / 1e3 / Count],
            string.Create(
                CultureInfo.InvariantCulture, $"{before / 1048576} MiB before, {after / 1048576} MiB with them"));
        await using var alone = await throughput.StartAsync();
        var rate = await throughput.RatioAsync(
            "claims a second with 10,000 idle watchers ÷ without", 0.90,
            () => throughput.ReserveAsync(server, sales: 1),
            () => throughput.ReserveAsync(alone, sales: 1));
        return (memory, rate);
    }

    private static async Task<double> SellOutAsync(ServerProcess server, string name)
    {
        var sale = await server.CreateSaleAsync(name, 1);
        using var watchers = await Watchers.OpenAsync(server.Address, sale, Count);
        var all = watchers.SoldOutAsync();
        await ThroughputFigures.BuyTheOnlyUnitAsync(server, sale);
        var clock = Stopwatch.StartNew();
        await all;
        var seconds = clock.Elapsed.TotalSeconds;
        await Console.Error.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"  all told after {seconds:0.000} s"));
        return seconds;
    }
}
