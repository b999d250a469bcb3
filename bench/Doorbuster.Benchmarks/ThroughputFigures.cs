using System.Globalization;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Ratios between the real endpoints and ones that do nothing, in alternating runs against one server: A B A B. A ratio
/// is taken pair by pair.
/// </summary>
internal sealed class ThroughputFigures(BenchOptions options, string work)
{
    private const int Connections = 256;
    private const int ManySales = 1_000;

    /// <summary>More claims a second than any run here reaches, so that no buyer comes twice.</summary>
    private const int MostClaimsPerSecond = 100_000;

    private const int Plenty = 50_000_000;

    private int _sales;

    public async Task<IReadOnlyList<Figure>> ClaimsAsync()
    {
        await using var server = await StartAsync();
        return
        [
            await RatioAsync(
                "durable 201s a second ÷ doing nothing", 0.75,
                () => ReserveAsync(server, sales: 1),
                () => ReserveNothingAsync(server)),
        ];
    }

    public async Task<IReadOnlyList<Figure>> RefusalsAsync()
    {
        await using var server = await StartAsync();
        var sale = await server.CreateSaleAsync("gone", 1);
        await BuyTheOnlyUnitAsync(server, sale);
        return
        [
            await RatioAsync(
                "sold-out refusals a second ÷ a fixed 409", 0.90,
                () => FireAsync(server, sale, $"/v1/sales/{sale}/orders"),
                () => FireAsync(server, sale, $"/bench/sales/{sale}/conflict")),
        ];
    }

    public async Task<IReadOnlyList<Figure>> SaleAsync()
    {
        await using var server = await StartAsync();
        var sale = await server.CreateSaleAsync("shown", 1_000_000);
        return
        [
            await RatioAsync(
                "GET of a sale a second ÷ a fixed body", 0.90,
                () => GetAsync(server, $"/v1/sales/{sale}"),
                () => GetAsync(server, $"/bench/sales/{sale}")),
        ];
    }

    public async Task<IReadOnlyList<Figure>> ManySalesAsync()
    {
        await using var server = await StartAsync();
        return
        [
            await RatioAsync(
                "1,000 sales at once ÷ one sale", 0.85,
                () => ReserveAsync(server, ManySales),
                () => ReserveAsync(server, sales: 1)),
        ];
    }

    /// <summary>A server over an empty store, warm.</summary>
    public async Task<ServerProcess> StartAsync(params IReadOnlyList<(string Name, string Value)> settings)
    {
        var server = await ServerProcess.StartAsync(
            Path.Combine(work, $"data-{Guid.NewGuid():N}"), ServerProcess.NewKey(), settings);
        await ReserveAsync(server, sales: 1);
        return server;
    }

    /// <summary>Durable 201s a second: as many units gone as there were answers, and the law held.</summary>
    public async Task<double> ReserveAsync(ServerProcess server, int sales)
    {
        var ids = new List<SaleId>();
        for (var i = 0; i < sales; i++)
        {
            ids.Add(await server.CreateSaleAsync($"bench-{++_sales}", Plenty / sales));
        }

        WriteTokens(server, ids, sale => $"/v1/sales/{sale}/orders");
        var run = await RunAsync(server);
        long reserved = 0;
        foreach (var id in ids)
        {
            reserved += Plenty / sales - await server.AvailableAsync(id);
        }

        await server.AuditAsync(ids[0]);

        // Answers that were on their way when wrk stopped are orders too.
        return run.Refused == 0 && reserved >= run.Requests && reserved <= run.Requests + Connections
            ? run.PerSecond
            : throw new InvalidOperationException($"{run.Requests} answers, {run.Refused} refused, {reserved} orders.");
    }

    /// <summary>Runs a pair so many times and takes the ratio of each.</summary>
    public async Task<Figure> RatioAsync(string name, double bound, Func<Task<double>> a, Func<Task<double>> b)
    {
        var pairs = new List<(double A, double B)>();
        for (var run = 0; run < options.Runs; run++)
        {
            pairs.Add((await a(), await b()));
            var (real, baseline) = pairs[^1];
            await Console.Error.WriteLineAsync($"  {real:0} ÷ {baseline:0} = {real / baseline:0.000}");
        }

        var middle = pairs.OrderBy(pair => pair.A / pair.B).ElementAt(pairs.Count / 2);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{middle.A:#,0}/s ÷ {middle.B:#,0}/s");
        return Figure.AtLeast(name, bound, [.. pairs.Select(pair => pair.A / pair.B)], detail);
    }

    private async Task<double> FireAsync(ServerProcess server, SaleId sale, string path)
    {
        WriteTokens(server, [sale], _ => path);
        var run = await RunAsync(server);
        return run.Refused == run.Requests
            ? run.PerSecond
            : throw new InvalidOperationException($"{run.Refused} of {run.Requests} were refused, not all.");
    }

    private async Task<double> ReserveNothingAsync(ServerProcess server)
    {
        WriteTokens(server, [SaleId.Parse("bench")], sale => $"/bench/sales/{sale}/orders");
        var run = await RunAsync(server);
        return run.Refused == 0
            ? run.PerSecond
            : throw new InvalidOperationException($"{run.Refused} of {run.Requests} were refused.");
    }

    private async Task<double> GetAsync(ServerProcess server, string path) =>
        (await Wrk.RunAsync(new Uri(server.Address, path).ToString(), "get.lua", Connections, Duration)).PerSecond;

    public static async Task BuyTheOnlyUnitAsync(ServerProcess server, SaleId sale)
    {
        var token = new Admission.PurchaseTokens([server.Key], TimeProvider.System)
            .Issue(sale, BuyerId.Parse("first")).Token;
        var status = await server.ClaimAsync(sale, token);
        if (status != System.Net.HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"The only unit was not sold: {status}.");
        }
    }

    private TimeSpan Duration => TimeSpan.FromSeconds(options.Seconds);

    private string TokenFiles => Path.Combine(work, "tokens-");

    private void WriteTokens(ServerProcess server, IReadOnlyList<SaleId> sales, Func<SaleId, string> path) =>
        new Tokens(server.Key).Write(TokenFiles, options.Seconds * MostClaimsPerSecond, sales, path);

    private Task<WrkRun> RunAsync(ServerProcess server) =>
        Wrk.RunAsync(server.Address.ToString(), "claims.lua", Connections, Duration, TokenFiles);
}
