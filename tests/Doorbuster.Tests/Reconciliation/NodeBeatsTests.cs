using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Reconciliation;
using Doorbuster.Tests.Shared;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>A node says that it lives, and whoever is silent is told as gone within a bounded time.</summary>
public sealed class NodeBeatsTests : IDisposable
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly MuteList _list;
    private readonly CancellationTokenSource _stop = new();
    private NodeBeat _beat = new("a", "machine/1", NodeRoles.Both, Samples.Noon, NotReady: [], Lag: TimeSpan.Zero);

    public NodeBeatsTests() => _list = new MuteList(new OwnNodeList(_clock));

    public void Dispose() => _stop.Dispose();

    [Fact]
    public void A_node_lives_while_it_beats_is_gone_five_seconds_after_and_leaves_when_it_ends() => Tell(async () =>
    {
        var running = Run();
        await PassAsync(seconds: 60.5);
        Assert.True((await ReadAsync()).IsLive);

        _list.IsMute = true;
        await PassAsync(seconds: 4);
        Assert.True((await ReadAsync()).IsLive);
        await PassAsync(seconds: 1);
        Assert.False((await ReadAsync()).IsLive);

        // A store that was away for a while makes nobody start again.
        _list.IsMute = false;
        _beat = _beat with { NotReady = ["Redis is away."] };
        await PassAsync(seconds: 1);
        var back = await ReadAsync();
        Assert.True(back.IsLive);
        Assert.Equal(_beat.NotReady, back.Beat.NotReady);

        _stop.Cancel();
        Assert.IsAssignableFrom<OperationCanceledException>(await SharedWorld.FaultAsync(() => running));
        Assert.Empty(await _list.ListAsync(after: null, most: 9, CancellationToken.None));
    });

    [Fact]
    public void A_list_that_hangs_holds_no_end_up_for_longer_than_a_second() => Tell(async () =>
    {
        var running = Run();
        _list.Hangs = true;

        _stop.Cancel();
        await PassAsync(seconds: 0.9);
        Assert.False(running.IsCompleted);
        await PassAsync(seconds: 0.2);

        Assert.True(running.IsCompleted);
        Assert.IsAssignableFrom<OperationCanceledException>(await SharedWorld.FaultAsync(() => running));
    });

    [Fact]
    public void Lag_is_the_age_of_the_oldest_claim_in_hand()
    {
        var lag = new Lag(_clock);
        Assert.Equal(TimeSpan.Zero, lag.Now);

        _clock.Advance(TimeSpan.FromSeconds(10));
        var young = lag.Take([Entry(at: 9), Entry(at: 8)]);
        var old = lag.Take([Entry(at: 9), Entry(at: 3)]);
        Assert.Equal(TimeSpan.FromSeconds(7), lag.Now);

        lag.Leave(old);
        lag.Leave(old);
        Assert.Equal(TimeSpan.FromSeconds(2), lag.Now);
        lag.Leave(young);
        Assert.Equal(TimeSpan.Zero, lag.Now);

        // The gate's clock may be ahead.
        lag.Take([Entry(at: 12)]);
        Assert.Equal(TimeSpan.Zero, lag.Now);
    }

    private void Tell(Func<Task> story) => new SeededScheduler(1, _clock).Run(story);

    private Task Run() => new NodeBeats(_list, () => _beat, _clock).RunAsync(_stop.Token);

    private Task PassAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _clock);

    private async Task<ListedNode> ReadAsync() =>
        Assert.Single(await _list.ListAsync(after: null, most: 9, CancellationToken.None));

    private static AdmittedBatch Entry(int at) =>
        new(SaleId.Parse("drop"), "1-0", Epoch: 1, Revision: 1, Samples.Noon.AddSeconds(at), []);

    /// <summary>A list that nobody can be heard by, or that does not answer, where a test says so.</summary>
    private sealed class MuteList(INodeList inner) : INodeList
    {
        public bool IsMute { get; set; }

        public bool Hangs { get; set; }

        public ValueTask BeatAsync(NodeBeat beat, TimeSpan keep, CancellationToken cancellationToken) => IsMute
            ? throw new StoreUnavailableException("It is away.")
            : inner.BeatAsync(beat, keep, cancellationToken);

        public async ValueTask LeaveAsync(string node, CancellationToken cancellationToken)
        {
            if (Hangs)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            await inner.LeaveAsync(node, cancellationToken);
        }

        public ValueTask<IReadOnlyList<ListedNode>> ListAsync(
            string? after, int most, CancellationToken cancellationToken) =>
            inner.ListAsync(after, most, cancellationToken);
    }
}
