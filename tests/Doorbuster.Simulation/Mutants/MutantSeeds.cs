using System.Globalization;

namespace Doorbuster.Simulation.Mutants;

/// <summary>
/// Which seed catches each mutant, so that the suite need not search for it. It is a file beside this one; where an
/// entry has grown old, or is taken out of it, the search takes longer, and finds another.
/// </summary>
internal static class MutantSeeds
{
    private const string Heading =
        """
        # A seed that catches each mutant, and its guard: what the suite tries first. Written by
        # dotnet run -c Release --project tests/Doorbuster.Simulation -- --mutants --remember
        """;

    private static readonly string Place = Path.Combine(
        Sources.Root, "tests", "Doorbuster.Simulation", "Mutants", "mutant-seeds.txt");

    /// <summary>What is remembered, by guard.</summary>
    public static IReadOnlyDictionary<string, ulong> Read() => File.ReadLines(Place)
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
        .ToDictionary(words => words[1], words => ulong.Parse(words[0], CultureInfo.InvariantCulture));

    /// <summary>Remembers these in place of what was known of them; mutants that are no more are forgotten.</summary>
    public static void Write(IEnumerable<MutantEnd> ends)
    {
        var seeds = Read().ToDictionary();
        foreach (var end in ends.Where(end => end.Seed is not null))
        {
            seeds[end.Mutant.Guard] = end.Seed!.Value;
        }

        File.WriteAllLines(
            Place,
            [
                .. Heading.Split('\n'),
                .. MutantList.All.Where(mutant => seeds.ContainsKey(mutant.Guard)).Select(mutant => string.Create(
                    CultureInfo.InvariantCulture, $"{seeds[mutant.Guard],-5} {mutant.Guard}")),
            ]);
    }
}
