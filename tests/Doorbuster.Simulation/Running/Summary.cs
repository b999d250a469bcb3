using System.Diagnostics;
using System.Globalization;
using System.Text;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Mutants;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Running;

/// <summary>Writes what a run has found as a page in Markdown.</summary>
internal static class Summary
{
    /// <summary>The page.</summary>
    public static string Of(Options options, Campaign campaign, IReadOnlyList<MutantEnd> mutants)
    {
        var tally = campaign.Tally;
        var text = new StringBuilder();
        text.AppendLine(Text($"{tally.Seeds:N0} seeds from {options.FirstSeed} at commit `{Commit()}`, ")
                + Text($"{options.Threads} at a time, in {campaign.Elapsed:hh\\:mm\\:ss}: "))
            .AppendLine(campaign.Broken?.Broken is { } broken
                ? Text($"**seed {campaign.Broken.Seed} breaks a law: {broken.Law}**.")
                : "no law was broken.")
            .AppendLine(Text($"They made {tally.Claims:N0} claims ({tally.Claims / Math.Max(1, tally.Seeds)} a seed) "))
            .AppendLine(Text($"with {tally.Processes:N0} processes in {tally.Steps:N0} steps."))
            .AppendLine()
            .AppendLine(Report.Table("fault", Enum.GetNames<FaultKind>(), tally.Faults))
            .AppendLine(Report.Table("branch", Enum.GetNames<Branch>(), tally.Branches));
        if (mutants.Count > 0)
        {
            text.AppendLine("| guard taken out | caught by seed | by the law |").AppendLine("|---|---|---|");
            foreach (var end in mutants)
            {
                text.AppendLine(Text($"| {end.Mutant.Guard} | {(end.Seed is { } seed ? Text($"{seed}") : "none")} ")
                    + Text($"| {end.Law} |"));
            }
        }

        return text.ToString();
    }

    /// <summary>The commit of the working tree; says where it is not a clean one.</summary>
    private static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", "describe --always --dirty --abbrev=12")
            {
                WorkingDirectory = Sources.Root,
                RedirectStandardOutput = true,
            })!;
            return git.StandardOutput.ReadToEnd().Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
