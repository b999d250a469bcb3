using Doorbuster.Cli.Load;
using Spectre.Console;

namespace Doorbuster.Cli.Reporting;

/// <summary>What <c>load</c> prints for a person.</summary>
internal static class LoadText
{
    /// <summary>Prints it.</summary>
    public static void Write(LoadPlan plan, LoadOutcome outcome)
    {
        var console = Terminal.Figures;
        console.WriteLine();
        console.WriteLine($"  {plan.Buyers:N0} claims on '{plan.Sale}' over {plan.Connections:N0} connections");
        console.WriteLine();
        CrowdText.Write(console, plan, outcome);
        console.WriteLine();
    }
}
