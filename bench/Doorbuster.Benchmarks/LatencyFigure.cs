using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Doorbuster.Benchmarks;

/// <summary>
/// The 99th percentile of a claim at half of the highest rate, by <c>doorbuster load</c>: open loop, from the intended
/// send time. The highest rate is what the same client reaches without a rate, on the same two cores.
/// </summary>
internal sealed class LatencyFigure(ThroughputFigures throughput, BenchOptions options)
{
    private const int HighestRateBuyers = 60_000;

    /// <summary>Claims before the first that counts: a server is some seconds old when its code is compiled for good.
    /// </summary>
    private const int WarmUpBuyers = 300_000;
    private const int Plenty = 50_000_000;

    private int _sales;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var server = await throughput.StartAsync();
        await LoadAsync(server, WarmUpBuyers, rate: null);
        var p99s = new List<double>();
        var detail = "";
        for (var run = 0; run < options.Runs; run++)
        {
            var highest = (await LoadAsync(server, HighestRateBuyers, rate: null)).PerSecond;
            var rate = (int)(highest / 2);
            var (_, p99) = await LoadAsync(server, rate * options.Seconds, rate);
            p99s.Add(p99);
            detail = string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}/s of {highest:#,0}/s in the last run");
            await Console.Error.WriteLineAsync($"  {p99:0.0} ms at {detail}");
        }

        return [Figure.Under("p99 of a claim at half of the highest rate", 10, "ms", p99s, detail)];
    }

    private async Task<(double PerSecond, double P99Ms)> LoadAsync(ServerProcess server, int buyers, int? rate)
    {
        var sale = await server.CreateSaleAsync($"latency-{++_sales}", Plenty);
        using var figures = JsonDocument.Parse(await LoadAsync(server, sale, buyers, rate));
        return (
            figures.RootElement.GetProperty("claimsPerSecond").GetDouble(),
            figures.RootElement.GetProperty("latencyMs").GetProperty("p99").GetDouble());
    }

    /// <summary>Runs <c>doorbuster load</c> over a sale, and takes the JSON that it prints.</summary>
    public static async Task<string> LoadAsync(ServerProcess server, SaleId sale, int buyers, int? rate)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Doorbuster.Cli.dll"), "load", "--sale", sale.ToString(), "--json",
            "--server", server.Address.ToString(), "--data", server.KeyDirectory, "--buyers", $"{buyers}",
            .. rate is null ? (string[])[] : ["--rate", $"{rate}"],
        ];
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var load = Process.Start(start)!;
        var errors = load.StandardError.ReadToEndAsync();
        var output = await load.StandardOutput.ReadToEndAsync();
        await load.WaitForExitAsync();
        if (load.ExitCode != 0)
        {
            throw new InvalidOperationException($"load ended with {load.ExitCode}: {await errors}");
        }

        return output;
    }
}
