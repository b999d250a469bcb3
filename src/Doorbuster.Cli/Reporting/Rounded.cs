using Doorbuster.Cli.Load;

namespace Doorbuster.Cli.Reporting;

/// <summary>Figures with as many digits as they deserve.</summary>
internal static class Rounded
{
    /// <summary>A rate a second.</summary>
    public static double Rate(double perSecond) => Math.Round(perSecond, 1);

    /// <summary>Seconds, to the millisecond.</summary>
    public static double? Seconds(double? seconds) => seconds is { } some ? Math.Round(some, 3) : null;

    /// <summary>Milliseconds, to the microsecond.</summary>
    public static LatencyFigures Latency(LatencyFigures figures) => new(
        Math.Round(figures.P50, 3), Math.Round(figures.P95, 3), Math.Round(figures.P99, 3), Math.Round(figures.Max, 3));
}
