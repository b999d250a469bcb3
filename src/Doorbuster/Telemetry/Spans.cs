using System.Diagnostics;
using Doorbuster.Claims;
using Doorbuster.Orders;

namespace Doorbuster.Telemetry;

/// <summary>
/// What the engine tells those who trace, by an activity source named <see cref="SourceName"/>: a span a batch, which
/// is a trace of its own and links to the callers whose claims or commands are in it, and a span a transaction within.
/// A batch belongs to none of its callers more than to another, so none is its parent.
/// </summary>
public static class Spans
{
    /// <summary>The source's name, by which a listener subscribes.</summary>
    public const string SourceName = "Doorbuster";

    /// <summary>A batch of claims, from the lane to the decision.</summary>
    public const string DecideClaims = "decide claims";

    /// <summary>A batch of changes of orders, until they are on disk and the gate knows.</summary>
    public const string ChangeOrders = "change orders";

    /// <summary>A transaction of the order store.</summary>
    public const string Commit = "commit";

    /// <summary>The tag of how many are in a batch.</summary>
    public const string SizeTag = "doorbuster.batch.size";

    /// <summary>The tags of a transaction; that of an error only where it failed.</summary>
    public static readonly IReadOnlyList<string> CommitTags = [Tag.CommitKind.Key, Tag.ErrorType.Key];

    /// <summary>Links of one span at most; OpenTelemetry's own limit.</summary>
    public const int MaxLinks = 128;

    private static readonly ActivitySource Source =
        new(SourceName, typeof(Spans).Assembly.GetName().Version?.ToString(fieldCount: 3));

    /// <summary>Whether anyone traces; where nobody does, nothing is kept of who calls.</summary>
    internal static bool IsHeard => Source.HasListeners();

    internal static Span OfClaims(List<PendingClaim> batch, TimeProvider clock) => !IsHeard
        ? default
        : Begin(
            DecideClaims, batch.Count, batch.OfType<MeasuredClaim>().Select(claim => claim.Caller), clock);

    internal static Span OfOrders(PendingCommand[] batch, TimeProvider clock) => !IsHeard
        ? default
        : Begin(
            ChangeOrders, batch.Length, batch.Select(command => command.Caller?.Context ?? default), clock);

    /// <summary>A transaction, within the batch that is under way.</summary>
    internal static Span OfCommit(CommitKind kind, TimeProvider clock)
    {
        if (!IsHeard)
        {
            return default;
        }

        var activity = Source.StartActivity(
            ActivityKind.Internal, tags: [Tag.CommitKind.With(TagValue.Of(kind))], startTime: clock.GetUtcNow(),
            name: Commit);
        return new Span(activity, clock);
    }

    private static Span Begin(string name, int size, IEnumerable<ActivityContext> callers, TimeProvider clock)
    {
        var links = callers
            .Where(caller => caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            .Distinct()
            .Take(MaxLinks)
            .Select(caller => new ActivityLink(caller));
        var activity = Source.StartActivity(
            ActivityKind.Internal, tags: [new(SizeTag, size)], links: links, startTime: clock.GetUtcNow(), name: name);
        return new Span(activity, clock);
    }
}
