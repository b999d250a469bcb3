using System.Diagnostics;
using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>
/// WebSockets that watch a sale in which nothing happens: the memory each costs, what they take from the claims of
/// other sales, and how soon all are told that theirs is sold out.
/// </summary>
/// <param name="throughput">The server, and claims.</param>
/// <param name="options">How often.</param>
/// <param name="count">How many watch.</param>
internal sealed class WatcherFigures(ThroughputFigures throughput, BenchOptions options, int count)
{
    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var server = await StartAsync();
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
                Name("from the last unit's 201 until {0} watchers were told"), 1, "s", told, "over WebSockets"),
            rate,
        ];
    }

    private async Task<(Figure Memory, Figure Rate)> IdleAsync(ServerProcess server)
    {
        var sale = await server.CreateSaleAsync("quiet", 1);
        var before = server.ResidentBytes;
        using var watchers = await Watchers.OpenAsync(server.Address, sale, count);
        var after = server.ResidentBytes;
        var memory = Figure.Under(
            Name("resident memory an idle watcher costs, of {0}"), 15, "KB", [(after - before) / 1e3 / count],
            string.Create(
                CultureInfo.InvariantCulture, $"{before / 1048576} MiB before, {after / 1048576} MiB with them"));
        await using var alone = await StartAsync();
        var rate = await throughput.RatioAsync(
            Name("claims a second with {0} idle watchers ÷ without"), 0.90,
            () => throughput.ReserveAsync(server, sales: 1),
            () => throughput.ReserveAsync(alone, sales: 1));
        return (memory, rate);
    }

    private async Task<double> SellOutAsync(ServerProcess server, string name)
    {
        var sale = await server.CreateSaleAsync(name, 1);
        using var watchers = await Watchers.OpenAsync(server.Address, sale, count);
        var all = watchers.SoldOutAsync();
        await ThroughputFigures.BuyTheOnlyUnitAsync(server, sale);
        var clock = Stopwatch.StartNew();
        await all;
        var seconds = clock.Elapsed.TotalSeconds;
        await Console.Error.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"  all told after {seconds:0.000} s"));
        return seconds;
    }

    private string Name(string name) =>
        name.Replace("{0}", count.ToString("#,0", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>A server that lets them all in; the others are measured with the settings that everyone has.</summary>
    private Task<ServerProcess> StartAsync() => throughput.StartAsync(
        ("Doorbuster__Limits__MaxWatchers", (count + 1).ToString(CultureInfo.InvariantCulture)),
        ("Doorbuster__Limits__MaxWatchersPerSale", (count + 1).ToString(CultureInfo.InvariantCulture)));
}
