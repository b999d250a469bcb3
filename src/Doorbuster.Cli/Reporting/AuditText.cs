using Doorbuster.Cli.Api;
using Spectre.Console;

namespace Doorbuster.Cli.Reporting;

/// <summary>What <c>audit</c> prints for a person.</summary>
internal static class AuditText
{
    /// <summary>Prints it.</summary>
    public static void Write(string sale, AuditView audit)
    {
        var console = Terminal.Figures;
        console.WriteLine();
        console.MarkupLine(audit.LawHolds
            ? $"  [green bold]THE LAW HOLDS[/] for '{sale}'"
            : $"  [red bold]THE LAW IS BROKEN[/] for '{sale}'");
        console.WriteLine($"  {LawText.Equation(audit)}");
        LawText.WriteDifferences(console, audit);
        console.WriteLine();
        CrowdText.Row(console, "queued", $"{audit.Queued:N0}", "admitted by the gate, not committed yet");
        if (audit.GateAvailable is { } gate)
        {
            CrowdText.Row(console, "gate", $"{gate:N0}", "units that the gate has left");
        }
        else
        {
            CrowdText.Row(console, "gate", "missing", "closed until it is rebuilt");
        }

        CrowdText.Row(console, "epoch", $"{audit.Epoch}", "how often the gate was built");
        console.WriteLine();
    }
}
