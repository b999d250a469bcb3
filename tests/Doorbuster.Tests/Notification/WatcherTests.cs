using Doorbuster.Conformance;
using Doorbuster.Notification;
using Xunit;

namespace Doorbuster.Tests.Notification;

/// <summary>How many may watch, and what becomes of those who do not keep up or do not leave.</summary>
public sealed class WatcherTests
{
    [Fact]
    public void A_watcher_whose_queue_is_full_is_dropped_and_cut_while_others_are_told_on() => Broadcast.Run(
        async broadcast =>
        {
            var listing = broadcast.List(Samples.Sale(quantity: 100));
            var cuts = 0;
            var slow = broadcast.Watch(listing, cut: () => cuts++)!;
            var viewer = broadcast.View(listing);

            for (var left = 99; left > 90; left--)
            {
                broadcast.Leave(listing, left);
                await broadcast.PassAsync(0.3);
            }

            Assert.Equal(WatchEnd.TooSlow, slow.End);
            Assert.True(cuts > 0);
            Assert.Equal((9, WatchEnd.None), (viewer.Sales.Count, viewer.End));
            slow.Dispose();
            var whenGone = cuts;
            await broadcast.PassAsync(1);
            Assert.Equal((whenGone, 1), (cuts, broadcast.Feed.Watchers));
        },
        new Limits { WatcherQueue = 4 });

    [Fact]
    public void A_flood_of_orders_drops_a_watcher_without_waiting_for_it() => Broadcast.Run(
        async broadcast =>
        {
            var sale = Samples.Sale();
            var cuts = 0;
            var slow = broadcast.Watch(broadcast.List(sale), "anna", () => cuts++)!;

            broadcast.Feed.OrdersChanged([.. Enumerable.Repeat(Samples.Order(sale, "anna"), 5)]);
            Assert.Equal((WatchEnd.TooSlow, 0), (slow.End, cuts));
            await broadcast.PassAsync(0.3);

            Assert.Equal(1, cuts);
            slow.Dispose();
        },
        new Limits { WatcherQueue = 4 });

    [Fact]
    public void A_watcher_whose_send_hangs_is_cut_within_two_heartbeats_of_an_idle_sale() => Broadcast.Run(
        async broadcast =>
        {
            var listing = broadcast.List(Samples.Sale());
            var cuts = 0;
            var stuck = broadcast.Watch(listing, cut: () => cuts++)!;
            broadcast.Leave(listing, 9);
            Assert.True(await stuck.WaitAsync());
            Assert.True(stuck.TryTake(out _));

            await broadcast.PassAsync(46);

            Assert.Equal(WatchEnd.TooSlow, stuck.End);
            Assert.True(cuts > 0);
            stuck.Dispose();
        });

    [Fact]
    public void News_that_come_with_the_first_heartbeat_drop_nobody() => Broadcast.Run(async broadcast =>
    {
        var listing = broadcast.List(Samples.Sale(quantity: 1_000));
        var viewers = Enumerable.Range(0, 60).Select(_ => broadcast.View(listing)).ToList();

        for (var left = 999; left > 900; left--)
        {
            broadcast.Leave(listing, left);
            await broadcast.PassAsync(0.25);
        }

        Assert.All(viewers, viewer => Assert.Equal(WatchEnd.None, viewer.End));
    });

    [Fact]
    public void There_are_no_more_watchers_than_allowed_in_all_a_sale_and_a_buyer()
    {
        var limits = new Limits { MaxWatchers = 5, MaxWatchersPerSale = 3, WatchersPerBuyer = 2 };
        Broadcast.Run(
            broadcast =>
            {
                var (drop, other) = (broadcast.List(Samples.Sale()), broadcast.List(Samples.Sale("other")));
                var (first, second) = (broadcast.Watch(drop, "anna"), broadcast.Watch(other, "anna"));
                Assert.Null(broadcast.Watch(drop, "anna"));
                first!.Dispose();
                Assert.NotNull(broadcast.Watch(drop, "anna"));

                Assert.NotNull(broadcast.Watch(drop));
                Assert.NotNull(broadcast.Watch(drop));
                Assert.Null(broadcast.Watch(drop));

                Assert.NotNull(broadcast.Watch(other));
                Assert.Null(broadcast.Watch(other));
                second!.Dispose();
                second.Dispose();
                Assert.NotNull(broadcast.Watch(other));
                Assert.Equal(5, broadcast.Feed.Watchers);
                return Task.CompletedTask;
            },
            limits);
    }

    [Fact]
    public void A_feed_that_drains_sends_what_waits_and_takes_nobody_new() => Broadcast.Run(async broadcast =>
    {
        var sale = Samples.Sale();
        var listing = broadcast.List(sale);
        var watcher = broadcast.Watch(listing, "anna")!;
        broadcast.Feed.OrdersChanged([Samples.Order(sale, "anna")]);

        broadcast.Feed.Drain();
        broadcast.Feed.OrdersChanged([Samples.Order(sale, "anna")]);

        Assert.Null(broadcast.Watch(listing));
        Assert.True(await watcher.WaitAsync());
        Assert.True(watcher.TryTake(out _));
        Assert.False(await watcher.WaitAsync());
        Assert.Equal(WatchEnd.Draining, watcher.End);
        watcher.Dispose();
        Assert.Equal(WatchEnd.Draining, watcher.End);
    });

    [Fact]
    public void Who_does_not_leave_a_feed_that_drains_is_cut_after_its_time() => Broadcast.Run(async broadcast =>
    {
        var cuts = 0;
        var watcher = broadcast.Watch(broadcast.List(Samples.Sale()), cut: () => cuts++)!;

        broadcast.Feed.Drain();
        await broadcast.PassAsync(4.9);
        Assert.Equal(0, cuts);
        await broadcast.PassAsync(0.4);

        Assert.True(cuts > 0);
        watcher.Dispose();
    });

    [Fact]
    public void Who_hears_that_its_client_is_gone_waits_no_longer() => Broadcast.Run(async broadcast =>
    {
        var watcher = broadcast.Watch(broadcast.List(Samples.Sale()))!;
        var waiting = watcher.WaitAsync();

        watcher.Leave();

        Assert.False(await waiting);
        Assert.Equal((WatchEnd.Left, 1), (watcher.End, broadcast.Feed.Watchers));
        watcher.Dispose();
        Assert.Equal(0, broadcast.Feed.Watchers);
    });
}
