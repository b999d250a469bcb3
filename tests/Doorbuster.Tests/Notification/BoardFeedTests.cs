using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Telemetry;
using Xunit;

namespace Doorbuster.Tests.Notification;

/// <summary>Operators are told figures once a second, and what that costs does not grow with how many watch.</summary>
public sealed class BoardFeedTests
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly List<(DateTimeOffset At, IReadOnlyCollection<SaleId> Asked)> _looks = [];
    private Limits _limits = new() { BoardWatchers = 30 };

    [Fact]
    public void Nobody_looks_while_nobody_watches() => Run(async feed =>
    {
        await PassAsync(100);
        Assert.Empty(_looks);

        var viewer = View(feed);
        await PassAsync(3.5);
        viewer.Leave();
        await PassAsync(100);

        Assert.Equal([0, 1, 2, 3], _looks.Select(look => (look.At - _looks[0].At).TotalSeconds));
        Assert.Equal([true, false, false, false], Figures(viewer).Select(message => message.IsFirst));
        Assert.Equal(0, feed.Watchers);
    });

    [Fact]
    public void Twenty_watchers_cost_one_look_a_second_and_each_begins_with_a_snapshot() => Run(async feed =>
    {
        var viewers = new List<Viewer>();
        for (var i = 0; i < 20; i++)
        {
            viewers.Add(View(feed));
            await PassAsync(0.09);
        }

        await PassAsync(3.6);

        Assert.Equal(6, _looks.Count);
        Assert.All(viewers, viewer => Assert.True(Figures(viewer)[0].IsFirst));
        Assert.All(viewers, viewer => Assert.All(Figures(viewer).Skip(1), message => Assert.False(message.IsFirst)));
        Assert.Single(viewers.Select(viewer => Figures(viewer)[^1]).Distinct());
    });

    [Fact]
    public void Who_comes_and_goes_all_the_time_makes_nobody_look_more_often() => Run(async feed =>
    {
        for (var i = 0; i < 50; i++)
        {
            var viewer = View(feed);
            await PassAsync(0.1);
            Assert.True(Figures(viewer).Count is 1 or 2, "It was told nothing at once.");
            viewer.Leave();
        }

        Assert.InRange(_looks.Count, 4, 6);
    });

    [Fact]
    public void Who_asks_for_one_sale_is_told_of_that_sale_alone() => Run(async feed =>
    {
        var (all, one) = (View(feed), View(feed, "other"));

        await PassAsync(2.5);

        Assert.Equal([SaleId.Parse("other")], _looks[^1].Asked);
        Assert.Equal(["drop", "other"], Ids(all));
        Assert.Equal(["other"], Ids(one));
    });

    [Fact]
    public void One_too_many_finds_no_place_and_one_that_left_makes_room() => Run(feed =>
    {
        _limits = _limits with { BoardWatchers = 2 };
        var small = Feed();
        using var first = small.Watch(null, () => { });
        var second = small.Watch(null, () => { })!;

        Assert.Null(small.Watch(null, () => { }));
        second.Dispose();
        Assert.NotNull(small.Watch(null, () => { }));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_watcher_that_takes_nothing_is_cut_off_and_the_others_go_on() => Run(async feed =>
    {
        var cuts = 0;
        using var slow = feed.Watch(null, () => cuts++)!;
        var viewer = View(feed);

        await PassAsync(40);

        Assert.Equal((WatchEnd.TooSlow, WatchEnd.None), (slow.End, viewer.End));
        Assert.True(cuts > 0, "Its connection was not cut.");
        Assert.InRange(Figures(viewer).Count, 40, 41);
        Assert.InRange(viewer.Seen.Count(seen => seen.Message is LiveMessage.Heartbeat), 2, 3);
    });

    [Fact]
    public void A_drain_ends_them_and_cuts_off_who_stays() => Run(async feed =>
    {
        var cuts = 0;
        using var staying = feed.Watch(null, () => cuts++)!;
        await PassAsync(1.5);

        feed.Drain();

        Assert.Equal(WatchEnd.Draining, staying.End);
        Assert.Null(feed.Watch(null, () => { }));
        await PassAsync(4);
        Assert.Equal(0, cuts);
        await PassAsync(2.5);
        Assert.True(cuts > 0, "It was not cut off.");
    });

    private static IReadOnlyList<LiveMessage.OfFigures> Figures(Viewer viewer) =>
        [.. viewer.Seen.Select(seen => seen.Message).OfType<LiveMessage.OfFigures>()];

    private static IEnumerable<string> Ids(Viewer viewer) =>
        Figures(viewer)[^1].Figures.Sales.Select(sale => sale.Sale.Id.ToString());

    private Viewer View(BoardFeed feed, string? only = null) =>
        new(feed.Watch(only is null ? null : SaleId.Parse(only), () => { })!, _clock);

    private Task PassAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _clock);

    private BoardFeed Feed() => new(
        (asked, _) =>
        {
            _looks.Add((_clock.GetUtcNow(), asked));
            return Task.FromResult(
                new Figures(_clock.GetUtcNow(), "me", [Of("drop"), Of("other")], MoreSales: 0, 0, 0, Nodes: null));
        },
        _limits, _clock);

    private static SaleFigures Of(string sale) => new(
        Samples.Sale(sale), SaleState.Open, Stock: null, Gate: null, Queue: null, Expiring: null, LawHolds: null,
        LastAudit: null, new Dictionary<string, long>());

    private void Run(Func<BoardFeed, Task> test) => new SeededScheduler(1, _clock).Run(async () =>
    {
        using var stop = new CancellationTokenSource();
        var feed = Feed();
        var running = feed.RunAsync(stop.Token);
        await test(feed);

        // Not CancelAsync, which leaves the thread.
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    });
}
