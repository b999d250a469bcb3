using System.Diagnostics;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Telemetry;
using Xunit;

namespace Doorbuster.Tests.Telemetry;

/// <summary>Who traces finds from a request the batch that decided it, and from the batch its transaction.</summary>
[Collection(nameof(Spans))]
public sealed class SpanTests : IDisposable
{
    private const string Ours = "requests of these tests";

    private static readonly ActivitySource Requests = new(Ours);

    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public SpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Ours || source.Name == Spans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Name == "not sampled"
                    ? ActivitySamplingResult.PropagationData
                    : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (_ended)
                {
                    _ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public void A_batch_links_to_its_claims_and_holds_its_transaction() => MeasuredSale.Run(quantity: 3, async sale =>
    {
        sale.Ledger.BeforeCommit = async _ =>
        {
            await sale.PassAsync(TimeSpan.FromMilliseconds(20));
            return CommitFault.None;
        };
        var callers = await Task.WhenAll(RequestAsync(sale, "anna"), RequestAsync(sale, "bert"));

        var batch = Assert.Single(Linked(callers[0]));
        Assert.Equal(Spans.DecideClaims, batch.OperationName);
        Assert.Equal(
            callers.Select(caller => caller.TraceId).OrderBy(id => $"{id}"),
            batch.Links.Select(link => link.Context.TraceId).OrderBy(id => $"{id}"));
        Assert.Equal(default, batch.ParentSpanId);
        Assert.Equal([new(Spans.SizeTag, 2)], batch.TagObjects);
        var commit = Assert.Single(Within(batch));
        Assert.Equal(Spans.Commit, commit.OperationName);
        Assert.Equal([new("doorbuster.commit.kind", "claims")], commit.TagObjects);
        Assert.Equal(ActivityStatusCode.Unset, commit.Status);
        Assert.Equal(Samples.Noon.UtcDateTime, commit.StartTimeUtc);
        Assert.Equal(TimeSpan.FromMilliseconds(20), commit.Duration);
    });

    [Fact]
    public void A_transaction_that_fails_is_marked_so() => MeasuredSale.Run(quantity: 3, async sale =>
    {
        sale.Ledger.Next(CommitFault.UnknownAndDone);
        var caller = await RequestAsync(sale, "anna");

        var commit = Within(Assert.Single(Linked(caller))).Single();
        Assert.Equal(ActivityStatusCode.Error, commit.Status);
        Assert.Equal(TagValue.OutcomeUnknown, commit.GetTagItem("error.type"));
    });

    [Fact]
    public void A_batch_has_no_more_links_than_anyone_keeps() => MeasuredSale.Run(quantity: 3, async sale =>
    {
        var callers = await Task.WhenAll(
            Enumerable.Range(0, Spans.MaxLinks + 50).Select(i => RequestAsync(sale, $"buyer-{i}")));

        var batches = _ended.Where(one => one.Links.Any(link => Array.Exists(callers, Is(link)))).ToList();
        Assert.Contains(batches, batch => batch.Links.Count() == Spans.MaxLinks);
        Assert.All(batches, batch => Assert.InRange(batch.Links.Count(), 1, Spans.MaxLinks));
    });

    [Fact]
    public void A_request_that_nobody_keeps_is_not_linked() => MeasuredSale.Run(quantity: 3, async sale =>
        Assert.Empty(Linked(await RequestAsync(sale, "anna", "not sampled"))));

    [Fact]
    public void Changes_of_orders_are_linked_to_who_asked_for_them() => MeasuredSale.Run(quantity: 3, async sale =>
    {
        await sale.ClaimAsync("anna");
        using var request = Requests.StartActivity("cancel")!;
        await sale.DoAsync(new OrderCommand.Cancel(sale.OrderOf("anna")));

        var batch = Assert.Single(Linked(request));
        Assert.Equal(Spans.ChangeOrders, batch.OperationName);
        var commit = Assert.Single(Within(batch));
        Assert.Equal([new("doorbuster.commit.kind", "orders")], commit.TagObjects);
    });

    public void Dispose() => _listener.Dispose();

    private static Predicate<Activity> Is(ActivityLink link) => caller => caller.TraceId == link.Context.TraceId;

    /// <summary>Claims within a request, and is in that same request once it is answered.</summary>
    private static async Task<Activity> RequestAsync(MeasuredSale sale, string buyer, string name = "claim")
    {
        Activity.Current = null;
        using var request = Requests.StartActivity(name);
        await sale.ClaimAsync(buyer);
        Assert.NotNull(request);
        Assert.Same(request, Activity.Current);
        return request;
    }

    // Other tests of this assembly run meanwhile; what is not linked to a request of ours is theirs.
    private List<Activity> Linked(Activity caller)
    {
        lock (_ended)
        {
            return _ended.FindAll(one => one.Links.Any(link => link.Context.SpanId == caller.SpanId));
        }
    }

    private List<Activity> Within(Activity batch)
    {
        lock (_ended)
        {
            return _ended.FindAll(one => one.ParentSpanId == batch.SpanId);
        }
    }
}
