using Doorbuster.Cli.Api;
using Doorbuster.Cli.Load;
using Spectre.Console;

namespace Doorbuster.Cli.Reporting;

/// <summary>What <c>demo</c> prints for a person: first whether the law held, then what the crowd met.</summary>
internal static class DemoText
{
    /// <summary>Prints it.</summary>
    public static void Write(DemoReport report, AuditView audit, LoadPlan plan, LoadOutcome outcome)
    {
        var console = Terminal.Figures;
        console.WriteLine();
        console.MarkupLine(report.IsSuccess
            ? "  [green bold]THE LAW HOLDS, AND EVERYTHING SOLD[/]"
            : "  [red bold]THE DEMO FAILED[/]");
        console.MarkupLine($"  {LawText.Equation(audit)}");
        console.MarkupLine($"  oversold {report.Oversold:N0}, undersold {report.Undersold:N0}; " + Receipts(report));
        LawText.WriteDifferences(console, audit);
        console.WriteLine();
        CrowdText.Row(console, "paid", $"{report.Paid:N0}", "through the sandbox, by signed events");
        CrowdText.Row(console, "expired", $"{report.Expired:N0}", "never paid in time; their units were sold again");
        CrowdText.Write(console, plan, outcome);
        console.WriteLine();
    }

    private static string Receipts(DemoReport report) => report.ReceiptsAgree
        ? $"{report.Receipts:N0} orders were told to their buyers"
        : $"[red]{report.Receipts:N0} orders were told to their buyers[/]";
}
