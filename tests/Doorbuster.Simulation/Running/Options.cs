using System.Globalization;

namespace Doorbuster.Simulation.Running;

/// <summary>What is to be run.</summary>
internal sealed record Options
{
    public const string Usage =
        """
        usage: dotnet run -c Release --project tests/Doorbuster.Simulation -- --seeds N [--seed S] [--minutes M]

          --seeds N       how many seeds to run
          --seed S        the first of them; 1 without
          --world KIND    embedded, nodes or database: every seed's world is of this kind; each draws its own without
          --minutes M     stop after so many minutes, whatever is left
          --threads T     seeds at a time; as many as there are processors without
          --summary FILE  write what was found as Markdown
          --mutants       take one guard after another out of the engine, and see each caught
          --only WORDS    of the mutants only those whose guard has these words
          --within N      try each mutant over so many seeds; as many as the suite tries without
          --remember      note for the suite which seed has caught each mutant
          --trace         print the history of the first seed, and nothing else

        Exit code 0 where every law held, 1 where one was broken, 2 on wrong usage.
        """;

    public ulong FirstSeed { get; init; } = 1;

    public ulong Seeds { get; init; }

    public TimeSpan? Longest { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    public string? Summary { get; init; }

    public WorldKind? World { get; init; }

    public bool Mutants { get; init; }

    public string? Only { get; init; }

    public ulong? Within { get; init; }

    public bool Remember { get; init; }

    public bool Trace { get; init; }

    /// <summary>Reads a command line; null where it is wrong.</summary>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options();
        for (var i = 0; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            var read = args[i] switch
            {
                "--mutants" => options with { Mutants = true },
                "--remember" => options with { Remember = true },
                "--trace" => options with { Trace = true },
                "--seeds" when IsWhole(value, out var count) && count > 0 => options with { Seeds = count },
                "--seed" when IsWhole(value, out var seed) => options with { FirstSeed = seed },
                "--threads" when IsWhole(value, out var threads) && threads is > 0 and <= 64 =>
                    options with { Threads = (int)threads },
                "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 =>
                    options with { Longest = TimeSpan.FromMinutes(minutes) },
                "--world" when value is "embedded" or "nodes" or "database" =>
                    options with { World = Enum.Parse<WorldKind>(value, ignoreCase: true) },
                "--within" when IsWhole(value, out var most) && most > 0 => options with { Within = most },
                "--only" when value is not null => options with { Only = value },
                "--summary" when value is not null => options with { Summary = value },
                _ => null,
            };
            if (read is null)
            {
                return null;
            }

            options = read;
            i += args[i] is "--mutants" or "--remember" or "--trace" ? 0 : 1;
        }

        return (options.Mutants || !options.Remember)
            && (options.Seeds > 0 || options.Mutants || options.Trace) ? options : null;
    }

    private static bool IsWhole(string? text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
