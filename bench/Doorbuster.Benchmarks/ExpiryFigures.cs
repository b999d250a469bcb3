using System.Diagnostics;
using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>
/// 100,000 reservations whose payment windows end within one second: how soon each unit can be bought again, and what
/// the claims of another sale feel of it. The server is warm: it has taken claims, and ended orders, before.
/// </summary>
internal sealed class ExpiryFigures(BenchOptions options, string work)
{
    private const int Orders = 100_000;
    private const int ClaimsPerSecond = 4_000;
    private const int WarmUpOrders = 20_000;

    /// <summary>So long before the others some of another sale end: the code that ends orders is warm then.</summary>
    private static readonly TimeSpan WarmUpLead = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(4);

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var runs = new List<Run>();
        for (var run = 0; run < options.Runs; run++)
        {
            runs.Add(await MeasureAsync(Path.Combine(work, $"expiry-{run}")));
            await Console.Error.WriteLineAsync($"  {runs[^1]}");
        }

        return
        [
            Figure.Under("expiry to buyable, p99 of 100,000 in one second", 1, "s", [.. runs.Select(r => r.P99)], ""),
            Figure.Under("all of 100,000 buyable after the first ended", 5, "s", [.. runs.Select(r => r.All)], ""),
            Figure.Under(
                "p99 of claims while they end ÷ before", 2, "times", [.. runs.Select(r => r.During / r.Before)],
                string.Create(
                    CultureInfo.InvariantCulture, $"{runs[^1].During:0.0} ms ÷ {runs[^1].Before:0.0} ms, last run")),
        ];
    }

    private static async Task<Run> MeasureAsync(string data)
    {
        var key = ServerProcess.NewKey();
        var firstEnds = DateTimeOffset.UtcNow + Lead;
        await ReserveAsync("warm-up", WarmUpOrders, firstEnds - WarmUpLead);
        var sale = await ReserveAsync("ending", Orders, firstEnds);
        await using var server = await ServerProcess.StartAsync(data, key);
        var other = await server.CreateSaleAsync("other", 10_000_000);
        await using var claims = new SteadyClaims(server, other, ClaimsPerSecond);
        var wait = firstEnds - DateTimeOffset.UtcNow;
        if (wait < WarmUp + WarmUpLead)
        {
            throw new InvalidOperationException("The machine is too slow now: the windows ended before all was ready.");
        }

        await Task.Delay(wait);
        var delays = await WatchAsync(server, sale.Id, firstEnds);
        var end = DateTimeOffset.UtcNow;
        await claims.StopAsync();
        return new Run(
            delays[(int)(Orders * 0.99)], delays[^1] + Spread.TotalSeconds,
            claims.P99(firstEnds - Before, firstEnds), claims.P99(firstEnds, end));

        Task<StoredSale> ReserveAsync(string id, int count, DateTimeOffset ends) =>
            StoredSale.ReserveAsync(data, id, count, i => ends + (Spread * ((double)i / count)));
    }

    /// <summary>How long after its end each unit could be bought, in seconds and in ascending order.</summary>
    private static async Task<double[]> WatchAsync(ServerProcess server, SaleId sale, DateTimeOffset firstEnds)
    {
        var delays = new List<double>(Orders);
        var clock = Stopwatch.StartNew();
        while (delays.Count < Orders && clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            var available = await server.AvailableAsync(sale);
            var now = DateTimeOffset.UtcNow;
            while (delays.Count < available)
            {
                delays.Add((now - firstEnds - (Spread * ((double)delays.Count / Orders))).TotalSeconds);
            }

            await Task.Delay(5);
        }

        return delays.Count == Orders
            ? [.. delays.Order()]
            : throw new InvalidOperationException($"Only {delays.Count} of {Orders} units came back.");
    }

    private sealed record Run(double P99, double All, double Before, double During);
}
