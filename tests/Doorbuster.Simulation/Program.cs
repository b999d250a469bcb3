using Doorbuster.Simulation.Running;

namespace Doorbuster.Simulation;

/// <summary>Runs worlds from the command line.</summary>
internal static class Program
{
    private static readonly TimeSpan LongestShrinking = TimeSpan.FromSeconds(60);

    public static int Main(string[] args)
    {
        if (Options.Parse(args) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        if (options.Trace)
        {
            return PrintTrace(options.FirstSeed);
        }

        return RunSeeds(options);
    }

    private static int PrintTrace(ulong seed)
    {
        var result = World.Run(seed, isTraced: true);
        foreach (var line in result.Trace)
        {
            Console.Out.Write(line + '\n');
        }

        Console.Out.Write($"{result.Broken?.Message ?? "every law held"}, after {result.Steps} steps\n");
        return result.Broken is null ? 0 : 1;
    }

    private static int RunSeeds(Options options)
    {
        var campaign = new Campaign(options.FirstSeed, options.Seeds, options.Threads);
        campaign.Run(options.Longest, running => Console.Error.WriteLine(Report.Progress(running)));
        Console.Out.Write(Report.Counts(campaign));
        if (campaign.Broken is { Broken: { } broken } result)
        {
            Console.Error.WriteLine($"Seed {result.Seed} breaks a law; looking for a short history of it.");
            var shrinker = new Shrinker(result.Seed, broken.Law, World.Run);
            var (mask, shortest) = shrinker.Shrink(LongestShrinking);
            Console.Out.Write('\n' + Report.Failure(result.Seed, broken, mask, shortest, shrinker.Tried));
            return 1;
        }

        Console.Out.WriteLine("Every law held.");
        return 0;
    }
}
