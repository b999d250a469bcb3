using Doorbuster.Cli.Load;
using Spectre.Console;

namespace Doorbuster.Cli.Reporting;

/// <summary>What a crowd met, in a few lines for a person.</summary>
internal static class CrowdText
{
    /// <summary>Prints them.</summary>
    public static void Write(IAnsiConsole console, LoadPlan plan, LoadOutcome outcome)
    {
        var figures = outcome.Figures;
        Row(console, "claims", $"{plan.Buyers:N0}", $"{figures.ClaimsPerSecond:N0} a second, {Pace(plan)}");
        Row(console, "orders", $"{figures.Orders:N0}", $"{figures.OrdersPerSecond:N0} a second until the last");
        if (figures.Queued > 0)
        {
            Row(console, "queued", $"{figures.Queued:N0}", "admitted, not committed when they were answered");
        }

        foreach (var (name, count) in figures.Refused)
        {
            Row(console, "refused", $"{count:N0}", name);
        }

        WriteTrouble(console, figures);
        if (outcome.SecondsToSellOut is { } seconds)
        {
            Row(console, "sold out", $"{seconds:0.000} s", "after the doors opened for this crowd");
        }

        var latency = figures.LatencyMs;
        Row(console, "latency p50", $"{latency.P50:N1} ms", LatencyOrigin(plan));
        Row(console, "latency p95", $"{latency.P95:N1} ms");
        Row(console, "latency p99", $"{latency.P99:N1} ms");
        Row(console, "latency max", $"{latency.Max:N1} ms");
    }

    /// <summary>Prints one figure: its name, its value flush right, and what it means.</summary>
    public static void Row(IAnsiConsole console, string name, string value, string meaning = "") =>
        console.MarkupLine($"  {name,-12} [bold]{value,12}[/]  [grey]{Markup.Escape(meaning)}[/]");

    private static void WriteTrouble(IAnsiConsole console, CrowdFigures figures)
    {
        if (figures.Retries > 0)
        {
            Row(console, "sent again", $"{figures.Retries:N0}", "under the same key, as Retry-After asked");
        }

        if (figures.TransportErrors > 0)
        {
            Row(console, "broken", $"{figures.TransportErrors:N0}", "connections that gave no answer");
        }

        if (figures.Unanswered > 0)
        {
            Row(console, "unanswered", $"{figures.Unanswered:N0}", "claims given up; their outcome is unknown");
        }
    }

    private static string Pace(LoadPlan plan) => plan.RatePerSecond is { } rate
        ? $"arriving at {rate:N0} a second"
        : "as fast as it went";

    private static string LatencyOrigin(LoadPlan plan) => plan.RatePerSecond is null
        ? "from when a connection was free"
        : "from the intended time of sending";
}
