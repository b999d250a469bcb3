using Doorbuster.Cli.Api;
using Spectre.Console;

namespace Doorbuster.Cli.Reporting;

/// <summary>The law, with a sale's figures in it.</summary>
internal static class LawText
{
    private const int ShownDifferences = 20;

    /// <summary>The law as the audit's figures spell it, whether or not it holds.</summary>
    public static string Equation(AuditView audit)
    {
        var sum = audit.Available + audit.Reserved + audit.Sold;
        var sign = sum == audit.Quantity ? "=" : "≠";
        return $"{audit.Quantity:N0} {sign} {audit.Available:N0} available + {audit.Reserved:N0} reserved "
            + $"+ {audit.Sold:N0} sold";
    }

    /// <summary>Prints what differs, the first of it where there is much.</summary>
    public static void WriteDifferences(IAnsiConsole console, AuditView audit)
    {
        foreach (var difference in audit.Differences.Take(ShownDifferences))
        {
            console.MarkupLine($"  [red]differs:[/] {Markup.Escape(difference.ToString())}");
        }

        if (audit.Differences.Count > ShownDifferences)
        {
            console.WriteLine($"  and {audit.Differences.Count - ShownDifferences} more; --json shows them all");
        }
    }
}
