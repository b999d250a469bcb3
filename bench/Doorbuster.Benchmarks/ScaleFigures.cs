using System.Diagnostics;
using System.Globalization;
using System.Net;
using Doorbuster.Admission;

namespace Doorbuster.Benchmarks;

/// <summary>
/// A sale of a million orders: the memory that they cost the server, and how soon it sells again after a kill.
/// </summary>
internal sealed class ScaleFigures(BenchOptions options, string work)
{
    private const int Orders = 1_000_000;
    private const int Connections = 256;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var data = Path.Combine(work, "million");
        var key = ServerProcess.NewKey();
        var bytes = await SellAsync(data, key);
        var seconds = new List<double>();
        for (var run = 0; run < options.Runs; run++)
        {
            seconds.Add(await RestartAsync(data, key, run));
            await Console.Error.WriteLineAsync($"  restart {seconds[^1]:0.00} s");
        }

        return
        [
            Figure.Under(
                "resident memory an order costs, of 1,000,000, buyer ids of 36 characters", 250, "bytes", [bytes],
                "one run, after the last of them was sold"),
            Figure.Under(
                "restart of a sale with 1,000,000 orders after SIGKILL, to the first 201", 3, "s", seconds,
                "process start included"),
        ];
    }

    private async Task<double> SellAsync(string data, byte[] key)
    {
        await using var server = await ServerProcess.StartAsync(data, key);

        // Warm, so that what the process needs for itself is not counted as the orders'.
        await ReserveAsync(server, await server.CreateSaleAsync("warm", Orders), TimeSpan.FromSeconds(3), Orders / 2);
        var before = server.ResidentBytes;
        var sale = await server.CreateSaleAsync("million", 2 * Orders);
        long reserved = 0;
        while (reserved < Orders)
        {
            await ReserveAsync(server, sale, TimeSpan.FromSeconds(5), Orders - (int)reserved);
            reserved = (2 * Orders) - await server.AvailableAsync(sale);
        }

        // The audit, which copies every order, comes after the measurement.
        var resident = server.ResidentBytes;
        await server.AuditAsync(sale);
        var bytes = (resident - before) / (double)reserved;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  {before / 1048576} MiB before, {resident / 1048576} MiB with {reserved:#,0} orders"));
        return bytes;
    }

    private static async Task<double> RestartAsync(string data, byte[] key, int run)
    {
        var sale = SaleId.Parse("million");
        var token = new PurchaseTokens([key], TimeProvider.System).Issue(sale, BuyerId.Parse($"after-{run}")).Token;
        var clock = Stopwatch.StartNew();
        await using var server = await ServerProcess.StartAsync(data, key);
        var status = await server.ClaimAsync(sale, token);
        return status == HttpStatusCode.Created
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"The first claim after the restart was answered {status}.");
    }

    /// <summary>Fires at most so many claims, all of new buyers, for at most so long.</summary>
    private async Task ReserveAsync(ServerProcess server, SaleId sale, TimeSpan duration, int claims)
    {
        var files = Path.Combine(work, "tokens-");
        new Tokens(server.Key).Write(files, Math.Max(claims, Connections), [sale], s => $"/v1/sales/{s}/orders");
        await Wrk.RunAsync(server.Address.ToString(), "claims.lua", Connections, duration, files);
    }
}
