using System.Diagnostics.Metrics;

namespace Doorbuster.Conformance;

/// <summary>One measurement.</summary>
/// <param name="Instrument">The instrument's name.</param>
/// <param name="Value">What was measured, or by how much a counter grew.</param>
/// <param name="Tags">Its tags.</param>
public sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string> Tags);

/// <summary>
/// A host's meters, and someone who listens to them and to nobody else's. Before <see cref="Listen"/> nobody does.
/// </summary>
public sealed class RecordingMeters : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly List<Meter> _meters = [];
    private readonly List<Instrument> _instruments = [];
    private readonly List<Measured> _measured = [];
    private readonly MeterListener _listener = new();

    /// <summary>Every instrument there is, in order of name; known once someone listens.</summary>
    public IReadOnlyList<Instrument> Instruments => [.. _instruments.OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Listens to every instrument from now on.</summary>
    public RecordingMeters Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this)
            {
                _instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
        return this;
    }

    /// <summary>Everything that an instrument measured so far, in order; of a gauge, what it shows now.</summary>
    /// <param name="instrument">Its name.</param>
    /// <param name="tag">The value that one of the tags must have; any where null.</param>
    public IReadOnlyList<double> Values(string instrument, string? tag = null)
    {
        lock (_lock)
        {
            if (_instruments.Single(one => one.Name == instrument).IsObservable)
            {
                _measured.RemoveAll(one => one.Instrument == instrument);
                _listener.RecordObservableInstruments();
            }

            return
            [
                .. _measured
                    .Where(one => one.Instrument == instrument && (tag is null || one.Tags.Values.Contains(tag)))
                    .Select(one => one.Value),
            ];
        }
    }

    /// <summary>How far a counter has come, or the only value that a gauge shows.</summary>
    public double Total(string instrument, string? tag = null) => Values(instrument, tag).Sum();

    /// <summary>Looks at every gauge.</summary>
    public void Look() => _listener.RecordObservableInstruments();

    /// <summary>Everything that was measured so far, gauges as often as they were looked at.</summary>
    public IReadOnlyList<Measured> All()
    {
        lock (_lock)
        {
            return [.. _measured];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var read = new Dictionary<string, string>();
        foreach (var (key, tag) in tags)
        {
            read.Add(key, (string)tag!);
        }

        lock (_lock)
        {
            _measured.Add(new Measured(instrument.Name, value, read));
        }
    }
}
