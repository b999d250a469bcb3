using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>What every list of nodes does. A list's tests inherit it and say how time goes by.</summary>
public abstract class NodeListConformance
{
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract INodeList Nodes { get; }

    /// <summary>Lets so much time go by at least.</summary>
    protected abstract ValueTask PassAsync(TimeSpan time);

    [Fact]
    public async Task A_node_is_listed_as_it_said_last()
    {
        await BeatAsync("a");
        var said = Beat("a") with
        {
            NotReady = ["Redis is away.", "Not every gate is open."],
            Lag = null,
            Claims = new Dictionary<string, IReadOnlyDictionary<string, long>>
            {
                ["drop"] = new Dictionary<string, long> { ["admitted"] = 5_000_000_000, ["sold_out"] = 2 },
                ["other"] = new Dictionary<string, long> { ["busy"] = 1 },
            },
        };
        await Nodes.BeatAsync(said, Keep, Cancel);

        var listed = Assert.Single(await Nodes.ListAsync(after: null, most: 9, Cancel));

        Assert.Equal(said.NotReady, listed.Beat.NotReady);
        Assert.Equal(said.Claims, listed.Beat.Claims);
        Assert.Equal(said, listed.Beat with { NotReady = said.NotReady, Claims = said.Claims });
        Assert.True(listed is { IsLive: true, Silence.Ticks: >= 0 }, $"{listed}");
    }

    [Fact]
    public async Task What_a_worker_has_in_hand_is_told_in_milliseconds()
    {
        await Nodes.BeatAsync(Beat("a") with { Lag = TimeSpan.FromMilliseconds(1_234) }, Keep, Cancel);

        var listed = Assert.Single(await Nodes.ListAsync(after: null, most: 9, Cancel));
        Assert.Equal(TimeSpan.FromMilliseconds(1_234), listed.Beat.Lag);
    }

    [Fact]
    public async Task Nodes_are_listed_page_by_page_in_the_order_of_ids()
    {
        foreach (var id in (string[])["c", "a", "B", "d"])
        {
            await BeatAsync(id);
        }

        var first = await Nodes.ListAsync(after: null, most: 3, Cancel);
        var rest = await Nodes.ListAsync(first[^1].Beat.Id, most: 3, Cancel);

        Assert.Equal(["B", "a", "c", "d"], first.Concat(rest).Select(node => node.Beat.Id));
        Assert.Equal(["c", "d"], (await Nodes.ListAsync("b", most: 3, Cancel)).Select(node => node.Beat.Id));
    }

    [Fact]
    public async Task One_that_is_silent_is_told_so_and_forgotten_once_another_speaks()
    {
        await BeatAsync("a");
        await PassAsync(Short);

        var silent = Assert.Single(await Nodes.ListAsync(after: null, most: 9, Cancel));
        Assert.True(silent.Silence >= Short, $"{silent.Silence}");

        await Nodes.BeatAsync(Beat("b"), Keep, Cancel);
        Assert.Equal(2, (await Nodes.ListAsync(after: null, most: 9, Cancel)).Count);
        await Nodes.BeatAsync(Beat("b"), Short / 2, Cancel);
        Assert.Equal("b", Assert.Single(await Nodes.ListAsync(after: null, most: 9, Cancel)).Beat.Id);
    }

    [Fact]
    public async Task One_that_leaves_is_not_listed_and_leaving_twice_is_leaving_once()
    {
        await BeatAsync("a");
        await BeatAsync("b");

        await Nodes.LeaveAsync("a", Cancel);
        await Nodes.LeaveAsync("a", Cancel);

        Assert.Equal("b", Assert.Single(await Nodes.ListAsync(after: null, most: 9, Cancel)).Beat.Id);
    }

    private ValueTask BeatAsync(string id) => Nodes.BeatAsync(Beat(id), Keep, Cancel);

    private static NodeBeat Beat(string id) => new(
        id, $"machine/{id}", NodeRoles.Both, Samples.Noon, NotReady: [], Lag: TimeSpan.Zero);
}
