using System.Diagnostics;
using System.Globalization;
using Doorbuster.Comparison.Report;
using Doorbuster.Comparison.Shops;

namespace Doorbuster.Comparison;

/// <summary>Runs the contenders one after another, and writes down what they came to.</summary>
internal static class Contest
{
    /// <summary>Longer than any contender takes here: whoever does is stuck.</summary>
    private static readonly TimeSpan LongestContender = TimeSpan.FromMinutes(5);

    /// <summary>Runs those that the plan wants.</summary>
    /// <returns>0 where ours was exact, and, in a whole run, as much faster as is asked; else 1.</returns>
    public static async Task<int> RunAsync(ComparisonPlan plan)
    {
        var where = await Machine.DescribeAsync();
        var clock = Stopwatch.StartNew();
        var results = new List<Result>();
        foreach (var contender in Contender.All.Where(one => one.Name.Contains(plan.Only, StringComparison.Ordinal)))
        {
            await Console.Error.WriteLineAsync($"{contender.Name}: {contender.Title} …");
            var begun = clock.Elapsed;
            results.Add(await RunAsync(plan, contender).WaitAsync(LongestContender));
            await TellAsync(results[^1], clock.Elapsed - begun);
        }

        await WriteAsync(plan, where, results);
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"It took {clock.Elapsed.TotalMinutes:0.0} minutes."));
        var isExact = results.Where(one => one.Contender.IsOurs)
            .All(one => one.Sales.All(sale => sale.Outcome.IsExact));
        var isFast = Ratio.Of(results).All(ratio => ratio.IsMet);
        return isExact && (isFast || !plan.IsWhole) ? 0 : 1;
    }

    private static async Task<Result> RunAsync(ComparisonPlan plan, Contender contender)
    {
        await using var backing = await Backing.StartAsync(contender.Needs);
        return await new Trials(plan, contender, backing).RunAsync();
    }

    private static async Task TellAsync(Result result, TimeSpan took)
    {
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  {result.AtMost.Claims:#,0} claims/s, {result.RefusalsPerSecond:#,0} refusals/s, "
            + $"{string.Join(", ", result.Floods.Select(flood => $"{flood.Orders:#,0}"))} orders/s "
            + $"({took.TotalSeconds:0} s)"));
        foreach (var (name, outcome) in result.Sales)
        {
            await Console.Error.WriteLineAsync($"  {name}: {outcome}");
        }
    }

    private static async Task WriteAsync(ComparisonPlan plan, string where, List<Result> results)
    {
        foreach (var line in (IEnumerable<string>)[.. Table.Short(results), "", .. Table.Ratios(Ratio.Of(results))])
        {
            Console.WriteLine(line);
        }

        Directory.CreateDirectory(Path.Combine(plan.Out, "images"));
        var path = Path.Combine(plan.Out, "comparison.md");
        var before = File.Exists(path) && plan.IsWhole ? await File.ReadAllTextAsync(path) : "";
        var agreement = Ranking.Compare(before, Ranking.Of(results));
        Console.WriteLine(agreement);
        await File.WriteAllTextAsync(path, Page.Write(plan, where, results, agreement));
        await File.WriteAllTextAsync(Path.Combine(plan.Out, "images", "comparison.svg"), Picture.Of(plan, results));
        if (plan.IsWhole)
        {
            var front = Path.Combine(plan.Out, "..", "README.md");
            var page = await File.ReadAllTextAsync(front);
            await File.WriteAllTextAsync(front, Block.Replace(page, Block.Of(plan, results)));
        }

        await Console.Error.WriteLineAsync(
            $"Written to {plan.Out}/comparison.md and {plan.Out}/images/comparison.svg.");
    }
}
