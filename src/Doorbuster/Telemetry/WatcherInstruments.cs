using System.Diagnostics.Metrics;
using Doorbuster.Notification;

namespace Doorbuster.Telemetry;

/// <summary>Counts who watches.</summary>
internal sealed class WatcherInstruments
{
    private readonly Counter<long> _dropped;
    private volatile LiveFeed? _feed;

    public WatcherInstruments(Meter meter)
    {
        meter.CreateObservableGauge(
            "doorbuster.watchers.active", () => Gauge.Of(_feed, feed => feed.Watchers), "{watcher}",
            "Connections that watch a sale now.");
        _dropped = meter.CreateCounter<long>(
            "doorbuster.watchers.dropped", "{watcher}", "Watchers that were dropped, for they did not keep up.");
    }

    public void Observe(LiveFeed feed) => _feed = feed;

    /// <summary>A watcher did not keep up.</summary>
    public void CountDropped() => _dropped.Add(1);
}
