using System.Diagnostics;
using Doorbuster.Fulfilment;

namespace Doorbuster.Telemetry;

/// <summary>A span that is under way, with times of the engine's own clock; nothing where nobody traces.</summary>
internal readonly struct Span(Activity? activity, TimeProvider clock) : IDisposable
{
    /// <summary>Notes how a transaction ended; one that failed is marked so.</summary>
    public void End(CommitStatus status)
    {
        if (activity is not null && TagValue.Of(status) is { } error)
        {
            activity.SetTag(Tag.ErrorType.Key, error);
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (activity is not null)
        {
            activity.SetEndTime(clock.GetUtcNow().UtcDateTime);
            activity.Dispose();
        }
    }
}
