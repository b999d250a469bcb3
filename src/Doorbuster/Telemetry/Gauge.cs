using System.Diagnostics.Metrics;

namespace Doorbuster.Telemetry;

/// <summary>Gauges that have no value until there is something to look at.</summary>
internal static class Gauge
{
    /// <summary>One measurement of what is there; none where nothing is.</summary>
    public static IEnumerable<Measurement<long>> Of<T>(T? observed, Func<T, long> value)
        where T : class => observed is null ? [] : [new Measurement<long>(value(observed))];
}
