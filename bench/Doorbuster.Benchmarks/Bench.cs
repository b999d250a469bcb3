using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Doorbuster.Benchmarks;

/// <summary>Runs the figures one after another and writes them down with machine and commit.</summary>
internal static class Bench
{
    private const string Usage =
        "usage: Doorbuster.Benchmarks [--runs 5] [--seconds 4] [--only PART-OF-A-NAME] [--results FOLDER]";

    public static async Task<int> RunAsync(string[] args)
    {
        if (BenchOptions.TryParse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var work = Directory.CreateTempSubdirectory("doorbuster-bench-");
        try
        {
            var all = Figures(options, work.FullName).ToList();
            if (!all.Exists(one => options.Wants(one.Name)))
            {
                var names = string.Join(", ", all.Select(one => one.Name));
                await Console.Error.WriteLineAsync($"No figure's name has '{options.Only}' in it. There are: {names}.");
                return 2;
            }

            var figures = new List<Figure>();
            foreach (var (name, measure) in all.Where(one => options.Wants(one.Name)))
            {
                await Console.Error.WriteLineAsync($"{name} …");
                figures.AddRange(await measure());
                await Console.Error.WriteLineAsync($"  {figures[^1]}");
            }

            await ReportAsync(figures, options);
            return figures.TrueForAll(figure => figure.IsMet) ? 0 : 1;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static IEnumerable<(string Name, Func<Task<IReadOnlyList<Figure>>> Measure)> Figures(
        BenchOptions options, string work)
    {
        var throughput = new ThroughputFigures(options, work);
        var scale = new ScaleFigures(options, work);
        yield return ("claims", throughput.ClaimsAsync);
        yield return ("refusals", throughput.RefusalsAsync);
        yield return ("sale", throughput.SaleAsync);
        yield return ("many sales", throughput.ManySalesAsync);
        yield return ("postgres", new PostgresFigure(throughput, options).MeasureAsync);
        yield return ("store", new StoreFigures(throughput, options).MeasureAsync);
        yield return ("latency", new LatencyFigure(throughput, options).MeasureAsync);
        yield return ("payments", new PaymentFigure(throughput, options, work).MeasureAsync);
        yield return ("expiry", new ExpiryFigures(options, work).MeasureAsync);
        yield return ("million", scale.MeasureAsync);
        var redis = new RedisFigures(options);
        yield return ("redis gate", redis.ClaimsAsync);
        yield return ("redis sync", redis.SyncAsync);
        yield return ("redis million", redis.MillionAsync);
        yield return ("rebuild", new RebuildFigure(options).MeasureAsync);
        var shared = new SharedFigures(options, work);
        yield return ("shared orders", shared.OrdersAsync);
        yield return ("shared sales", shared.ManySalesAsync);
        yield return ("push", shared.PushAsync);
        yield return ("rabbitmq", shared.OrdersByRabbitAsync);
        yield return ("naive", shared.NaiveAsync);
        yield return ("two nodes", shared.TwoNodesAsync);
        yield return ("click", new ClickFigure(throughput, options).MeasureAsync);
        yield return ("watchers", new WatcherFigures(throughput, options, 10_000).MeasureAsync);
        yield return ("crowd", new WatcherFigures(throughput, options, OpenFiles.AtMost(20_000)).MeasureAsync);
    }

    private static async Task ReportAsync(List<Figure> figures, BenchOptions options)
    {
        var commit = await OutputOfAsync("git", "rev-parse --short HEAD");
        var dirty = await OutputOfAsync("git", "status --porcelain --untracked-files=no") == "" ? "" : " with changes";
        var machine = File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal));
        List<string> lines =
        [
            $"Commit {commit}{dirty}, {DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores "
            + $"({machine.Split(':')[1].Trim()}), shared by server and client; "
            + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}. "
            + $"Median of {options.Runs} alternating runs of {options.Seconds} s (lowest to highest).",
            "",
            "| figure | asked | measured | met | absolutes, for this machine and run alone |",
            "|---|---|---|---|---|",
            .. figures.Select(figure => figure.ToString()),
        ];
        lines.ForEach(Console.WriteLine);
        Directory.CreateDirectory(options.Results);
        var file = Path.Combine(options.Results, $"{DateTime.UtcNow:yyyy-MM-dd-HHmm}-{commit}.md");
        await File.WriteAllLinesAsync(file, lines);
        await Console.Error.WriteLineAsync($"Written to {file}");
    }

    private static async Task<string> OutputOfAsync(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return (await process.StandardOutput.ReadToEndAsync()).Trim();
    }
}

/// <summary>How the benchmark runs.</summary>
internal sealed record BenchOptions
{
    public int Runs { get; private init; } = 5;

    public int Seconds { get; private init; } = 4;

    public string Only { get; private init; } = "";

    public string Results { get; private init; } = "bench/results";

    public bool Wants(string name) => name.Contains(Only, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the arguments; null where one is not understood.</summary>
    public static BenchOptions? TryParse(string[] args)
    {
        var options = new BenchOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var isNumber = int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            options = args[i] switch
            {
                "--runs" when isNumber && number is >= 1 and <= 99 => options with { Runs = number },
                "--seconds" when isNumber && number is >= 1 and <= 60 => options with { Seconds = number },
                "--only" => options with { Only = args[i + 1] },
                "--results" => options with { Results = args[i + 1] },
                _ => null,
            };
            if (options is null)
            {
                return null;
            }
        }

        return args.Length % 2 == 0 ? options : null;
    }
}
