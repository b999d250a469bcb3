using Doorbuster.Simulation.Mutants;
using Doorbuster.Simulation.Running;

namespace Doorbuster.Simulation;

/// <summary>Runs worlds from the command line.</summary>
internal static class Program
{
    private static readonly TimeSpan LongestShrinking = TimeSpan.FromSeconds(120);

    public static int Main(string[] args)
    {
        if (Options.Parse(args) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        if (options.Trace)
        {
            return PrintTrace(options.FirstSeed, options.World ?? World.KindOf(options.FirstSeed));
        }

        var campaign = new Campaign(options.FirstSeed, options.Seeds, options.Threads, options.World);
        var holds = options.Seeds == 0 || RunSeeds(options, campaign);
        var mutants = options.Mutants && holds ? HuntMutants(options) : [];
        if (options.Summary is { } file)
        {
            File.WriteAllText(file, Summary.Of(options, campaign, mutants));
        }

        return holds && mutants.All(end => end.Seed is not null) ? 0 : 1;
    }

    private static int PrintTrace(ulong seed, WorldKind kind)
    {
        var result = World.Run(seed, kind, isTraced: true);
        foreach (var line in result.Trace)
        {
            Console.Out.Write(line + '\n');
        }

        Console.Out.Write($"{result.Broken?.Message ?? "every law held"}, after {result.Steps} steps\n");
        return result.Broken is null ? 0 : 1;
    }

    private static bool RunSeeds(Options options, Campaign campaign)
    {
        campaign.Run(options.Longest, running => Console.Error.WriteLine(Report.Progress(running)));
        Console.Out.Write(Report.Counts(campaign));
        if (campaign.Broken is not { Broken: { } broken } result)
        {
            Console.Out.WriteLine("Every law held.");
            return true;
        }

        Console.Error.WriteLine($"Seed {result.Seed} breaks a law; looking for a short history of it.");
        var shrinker = new Shrinker(result.Seed, result.Kind, broken.Law, World.Run);
        var (mask, shortest) = shrinker.Shrink(LongestShrinking);
        Console.Out.Write('\n' + Report.Failure(broken, mask, shortest, shrinker.Tried));
        return false;
    }

    private static IReadOnlyList<MutantEnd> HuntMutants(Options options)
    {
        var mutants = MutantList.All.Where(
            mutant => mutant.Guard.Contains(options.Only ?? "", StringComparison.Ordinal)
                && (options.World is null || options.World == mutant.World));
        var ends = MutantHunt.Hunt(
            [.. mutants], MutantSeeds.Read(), options.Threads, end => Console.Out.WriteLine(Text(end, options)),
            options.Within);
        Console.Out.WriteLine($"{ends.Count(end => end.Seed is not null)} of {ends.Count} mutants caught.");
        if (options.Remember)
        {
            MutantSeeds.Write(ends);
        }

        return ends;
    }

    private static string Text(MutantEnd end, Options options) => end.Seed is { } seed
        ? $"caught by seed {seed}: {end.Mutant.Guard} ({end.Law})"
        : $"NOT CAUGHT within {options.Within ?? MutantHunt.MostOf(end.Mutant.World)} seeds: {end.Mutant.Guard}";
}
