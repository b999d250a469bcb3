using System.Diagnostics;
using System.Globalization;
using Doorbuster.Redis;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Claims at nodes that share a gate, as fast as their worker can follow: a crowd that went faster would measure how
/// long the log can grow. Where the worker falls a second behind, the crowd goes slower, and the run is made again.
/// </summary>
/// <param name="options">How long a run lasts.</param>
/// <param name="work">Where tokens are written.</param>
/// <param name="services">The servers of the nodes.</param>
/// <param name="nodes">The nodes.</param>
/// <param name="sales">Sales that are claimed at once.</param>
internal sealed class PacedOrders(BenchOptions options, string work, Services services, SharedNodes nodes, int sales)
{
    private const int Connections = 256;
    private const int Plenty = 50_000_000;
    private const int MostClaimsPerSecond = 80_000;
    private const double MostBehindSeconds = 1;
    private const int MostTries = 12;

    /// <summary>How much longer a connection waits where the worker could not follow.</summary>
    private const int PauseStepMs = 2;

    private static int _sales;

    private readonly List<SaleId> _ids = [];

    /// <summary>The milliseconds that each connection waits before its next claim.</summary>
    private int _pauseMs;

    /// <summary>
    /// Runs before those that count, however far behind the worker falls: three processes compile their code on two
    /// cores, and the pace that they would find is not that of the runs.
    /// </summary>
    public async Task WarmUpAsync(int runs)
    {
        for (var run = 0; run < runs; run++)
        {
            await RunAsync();
        }
    }

    /// <summary>Orders a second from the first claim until the last is committed.</summary>
    /// <exception cref="InvalidOperationException">
    /// A claim was refused, units and orders do not agree, or the worker never kept up.
    /// </exception>
    public async Task<double> MeasureAsync()
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var (perSecond, behind) = await RunAsync();
            if (behind < MostBehindSeconds)
            {
                return perSecond;
            }

            _pauseMs += PauseStepMs;
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"  {behind:0.00} s behind at {perSecond:0}/s: slower, {_pauseMs} ms"));
        }

        throw new InvalidOperationException($"The worker did not keep up with {_pauseMs} ms between claims.");
    }

    /// <summary>Answers a second of the endpoint that does nothing, on the first node.</summary>
    public async Task<double> NothingAsync()
    {
        WriteTokens([SaleId.Parse("bench")], sale => $"/bench/sales/{sale}/orders");
        var run = (await FireAsync(count: 1, pauseMs: 0))[0];
        return run.Refused == 0
            ? run.PerSecond
            : throw new InvalidOperationException($"{run.Refused} of {run.Requests} were refused.");
    }

    private async Task<(double PerSecond, double Behind)> RunAsync()
    {
        var ids = await SalesAsync();
        var before = await AvailableAsync(ids);
        WriteTokens(ids, sale => $"/v1/sales/{sale}/orders");
        using var redis = await RedisServer.ConnectAsync(services.ConnectionStrings["Redis"]);
        await using var backlog = new Backlog(redis.GetDatabase(), ids);
        var runs = await FireAsync(nodes.Apis.Count, _pauseMs);
        var draining = Stopwatch.StartNew();
        await backlog.EmptyAsync();
        var seconds = runs.Max(run => run.Seconds) + draining.Elapsed.TotalSeconds;
        var orders = before - await AvailableAsync(ids);
        await CheckAsync(ids, runs, orders);
        return (orders / seconds, backlog.Worst);
    }

    /// <summary>
    /// The sales to claim. One sale is a new one each time; of many, each has room for all runs, and with new ones each
    /// time the last run would be over many times as many.
    /// </summary>
    private async Task<List<SaleId>> SalesAsync()
    {
        if (sales == 1)
        {
            _ids.Clear();
        }

        while (_ids.Count < sales)
        {
            _ids.Add(await nodes.Apis[0].CreateSaleAsync($"shared-{++_sales}", Plenty / sales));
        }

        return _ids;
    }

    private async Task<long> AvailableAsync(List<SaleId> ids)
    {
        var available = 0L;
        foreach (var id in ids)
        {
            available += await nodes.Apis[0].AvailableAsync(id);
        }

        return available;
    }

    /// <summary>Every answer is an order in the store, and the law holds.</summary>
    private async Task CheckAsync(List<SaleId> ids, WrkRun[] runs, long orders)
    {
        var answers = runs.Sum(run => run.Requests);
        var refused = runs.Sum(run => run.Refused);
        var reserved = await nodes.Apis[0].AuditAsync(ids[0]);
        if (refused > 0 || orders < answers || orders > answers + Connections || (sales == 1 && reserved != orders))
        {
            throw new InvalidOperationException(
                $"{answers} answers, {refused} refused, {orders} admitted, {reserved} reserved.");
        }
    }

    private void WriteTokens(IReadOnlyList<SaleId> ids, Func<SaleId, string> path)
    {
        for (var i = 0; i < nodes.Apis.Count; i++)
        {
            new Tokens(nodes.Apis[i].Key).Write(
                TokenFiles(i), options.Seconds * MostClaimsPerSecond / nodes.Apis.Count, ids, path);
        }
    }

    /// <summary>Sends the crowd to so many nodes, an equal part to each.</summary>
    private Task<WrkRun[]> FireAsync(int count, int pauseMs) =>
        Task.WhenAll(nodes.Apis.Take(count).Select((node, i) => Wrk.RunAsync(
            node.Address.ToString(), "claims.lua", Connections / count, TimeSpan.FromSeconds(options.Seconds),
            TokenFiles(i), pauseMs.ToString(CultureInfo.InvariantCulture))));

    private string TokenFiles(int node) =>
        Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"shared-tokens-{node}-"));
}
