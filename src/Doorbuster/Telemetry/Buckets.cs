using System.Diagnostics.Metrics;

namespace Doorbuster.Telemetry;

/// <summary>Where histograms are divided, in seconds, for those who listen and ask for our advice.</summary>
internal static class Buckets
{
    /// <summary>Work that takes from a tenth of a millisecond to seconds, when a disk is slow.</summary>
    public static readonly InstrumentAdvice<double> OfWork = new()
    {
        HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>Lags of which one second is the promise.</summary>
    public static readonly InstrumentAdvice<double> OfLag = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60, 300],
    };
}
