using System.Diagnostics.Metrics;
using Doorbuster.Claims;

namespace Doorbuster.Telemetry;

/// <summary>Measures claims, by the batch wherever they come in batches.</summary>
internal sealed class ClaimInstruments
{
    public const string Decided = "doorbuster.claims";

    private static readonly int OutcomeUnknown = Enum.GetValues<Outcome>().Length;
    private static readonly KeyValuePair<string, object?>[] Outcomes = Tag.ClaimOutcome.WithEach();

    private readonly Counter<long> _decided;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _wait;
    private volatile Lanes? _lanes;

    public ClaimInstruments(Meter meter)
    {
        _decided = meter.CreateCounter<long>(Decided, "{claim}", "Claims that were answered, by what was decided.");
        _batchSize = meter.CreateHistogram(
            "doorbuster.batch.size", "{claim}", "Claims that a lane gave to the gate at once.", tags: null,
            new InstrumentAdvice<int>
            {
                HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096],
            });
        _wait = meter.CreateHistogram(
            "doorbuster.claim.wait", "s", "How long a claim waited in its lane until the gate was given it.",
            tags: null, Buckets.OfWork);
        meter.CreateObservableGauge(
            "doorbuster.lane.depth", () => Gauge.Of(_lanes, lanes => lanes.Depth), "{claim}",
            "Claims that wait in the lanes now.");
    }

    /// <summary>Whether it matters when a claim came.</summary>
    public bool MeasuresWait => _wait.Enabled;

    public void Observe(Lanes lanes) => _lanes = lanes;

    /// <summary>One claim was answered without a place in a lane.</summary>
    public void Count(Outcome outcome)
    {
        if (_decided.Enabled)
        {
            _decided.Add(1, Outcomes[(int)outcome]);
        }
    }

    /// <summary>A batch goes to the gate.</summary>
    public void Begin(List<PendingClaim> batch, TimeProvider clock)
    {
        if (_batchSize.Enabled)
        {
            _batchSize.Record(batch.Count);
        }

        if (_wait.Enabled)
        {
            var now = clock.GetTimestamp();
            foreach (var claim in batch)
            {
                if (claim is MeasuredClaim { ArrivedAt: var arrived })
                {
                    _wait.Record(clock.GetElapsedTime(arrived, now).TotalSeconds);
                }
            }
        }
    }

    /// <summary>A batch is decided, and its claims are about to be told.</summary>
    public void Count(List<PendingClaim> batch)
    {
        if (!_decided.Enabled)
        {
            return;
        }

        Span<int> counts = stackalloc int[Outcomes.Length];
        foreach (var claim in batch)
        {
            // What the engine asks for itself is nobody's claim.
            if (claim is not Question && claim.Claim.Revival is null)
            {
                counts[(int?)claim.Decided.Outcome ?? OutcomeUnknown]++;
            }
        }

        for (var outcome = 0; outcome < counts.Length; outcome++)
        {
            if (counts[outcome] > 0)
            {
                _decided.Add(counts[outcome], Outcomes[outcome]);
            }
        }
    }
}
