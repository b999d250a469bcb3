using System.Diagnostics;
using System.Diagnostics.Metrics;
using Doorbuster.Fulfilment;

namespace Doorbuster.Telemetry;

/// <summary>Measures transactions of the order store.</summary>
internal sealed class CommitInstruments
{
    public const string Duration = "doorbuster.commit.duration";
    public const string Retries = "doorbuster.commit.retries";

    private static readonly KeyValuePair<string, object?>[] Kinds = Tag.CommitKind.WithEach();
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _retries;

    public CommitInstruments(Meter meter)
    {
        _duration = meter.CreateHistogram(
            Duration, "s", "How long a transaction of the order store took until it was on disk, or had failed.",
            tags: null, Buckets.OfWork);
        _retries = meter.CreateCounter<long>(
            Retries, "{batch}",
            "Batches of claims that found, at a gate in the database that compares versions, that somebody else had "
            + "been faster at their sale.");
    }

    /// <summary>Somebody else was faster at a batch's sale.</summary>
    public void CountRetry() => _retries.Add(1);

    /// <summary>A transaction has ended.</summary>
    public void Record(CommitKind kind, CommitStatus status, TimeSpan duration)
    {
        if (!_duration.Enabled)
        {
            return;
        }

        var tags = new TagList { Kinds[(int)kind] };
        if (TagValue.Of(status) is { } error)
        {
            tags.Add(Tag.ErrorType.With(error));
        }

        _duration.Record(duration.TotalSeconds, tags);
    }
}
