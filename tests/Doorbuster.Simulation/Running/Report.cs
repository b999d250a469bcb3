using System.Globalization;
using System.Text;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Running;

/// <summary>Says what a run has found, to someone who knows the design and not the code.</summary>
internal static class Report
{
    /// <summary>How far it is, on one line.</summary>
    public static string Progress(Campaign campaign)
    {
        var tally = campaign.Tally;
        return Text($"{tally.Seeds} seeds, {tally.Seeds / campaign.Elapsed.TotalSeconds:F0} seeds/s, ")
            + Text($"{tally.Claims} claims, {tally.Faults.Sum()} faults, {tally.Processes} processes");
    }

    /// <summary>Faults by kind and branches reached.</summary>
    public static string Counts(Campaign campaign)
    {
        var tally = campaign.Tally;
        var text = new StringBuilder();
        text.Append(Text($"{tally.Seeds} seeds in {campaign.Elapsed.TotalSeconds:F1} s, "))
            .Append(Text($"{tally.Seeds / campaign.Elapsed.TotalSeconds:F0} seeds/s, "))
            .Append(Text($"{tally.Seeds / campaign.Computed.TotalSeconds:F0} a second of a processor"))
            .Append(campaign.Pace is { } pace ? Text($", {pace:F0} in the second half; ") : "; ")
            .Append(Text($"a seed has {tally.Claims / Math.Max(1, tally.Seeds)} claims "))
            .AppendLine(Text($"and {tally.Steps / Math.Max(1, tally.Seeds)} steps."));
        Append(text, "Faults", Enum.GetNames<FaultKind>(), tally.Faults);
        Append(text, "Branches", Enum.GetNames<Branch>(), tally.Branches);
        return text.ToString();
    }

    /// <summary>A broken law, with the shortest history that shows it.</summary>
    public static string Failure(LawBrokenException broken, Mask mask, RunResult shortest, int tried)
    {
        var (seed, kind) = (shortest.Seed, shortest.Kind.ToString().ToLowerInvariant());
        var terms = WorldTerms.Draw(seed, shortest.Kind);
        var kinds = Enum.GetValues<FaultKind>().Where(kind => shortest.Faults[(int)kind] > 0).ToArray();
        var buyers = terms.Buyers - mask.Buyers.Count;
        var text = new StringBuilder();
        text.AppendLine(Text($"Seed {seed} of the {kind} worlds breaks a law: {broken.Law}"))
            .AppendLine(Text($"  {broken.What}"))
            .AppendLine()
            .AppendLine(Text($"The shortest history that shows it, of {tried} that were tried, has ")
                + Text($"{buyers} {(buyers == 1 ? "buyer" : "buyers")} and ")
                + Text($"{(kinds.Length == 0 ? "no fault" : $"these faults: {string.Join(", ", kinds)}")}."))
            .AppendLine("Seconds, who, and what:")
            .AppendLine();
        foreach (var line in shortest.Trace)
        {
            text.AppendLine(line);
        }

        return text.AppendLine()
            .AppendLine(Text($"{shortest.Broken?.Message}"))
            .AppendLine()
            .AppendLine(Text($"The whole of it: dotnet run -c Release --project tests/Doorbuster.Simulation -- ")
                + Text($"--trace --world {kind} --seed {seed}"))
            .ToString();
    }

    /// <summary>A table of counts as Markdown.</summary>
    public static string Table(string what, IReadOnlyList<string> names, IReadOnlyList<long> counts)
    {
        var text = new StringBuilder();
        text.AppendLine(Text($"| {what} | times |")).AppendLine("|---|---|");
        for (var i = 0; i < names.Count; i++)
        {
            text.AppendLine(Text($"| {Words(names[i])} | {counts[i]:N0} |"));
        }

        return text.ToString();
    }

    /// <summary>A name in PascalCase as words.</summary>
    public static string Words(string name) =>
        string.Concat(name.Select((letter, place) => place > 0 && char.IsUpper(letter)
            ? $" {char.ToLowerInvariant(letter)}"
            : $"{letter}"));

    private static void Append(StringBuilder text, string what, string[] names, long[] counts)
    {
        text.AppendLine(what);
        foreach (var line in names.Select((name, place) => Text($"{Words(name)} {counts[place]}")).Chunk(4))
        {
            text.Append("  ").AppendLine(string.Join(", ", line));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
