using Doorbuster.Conformance;
using Doorbuster.Notification;
using Xunit;

namespace Doorbuster.Tests.Notification;

/// <summary>What watchers are told, when, and how often.</summary>
public sealed class LiveFeedTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void An_idle_sale_sends_nothing_but_a_heartbeat_every_15_seconds() => Broadcast.Run(async broadcast =>
    {
        var viewer = broadcast.View(broadcast.List(Samples.Sale()));

        await broadcast.PassAsync(61);

        Assert.InRange(viewer.Seen.Count, 4, 5);
        Assert.All(viewer.Seen, seen => Assert.IsType<LiveMessage.Heartbeat>(seen.Message));
        var gaps = viewer.Seen.Zip(viewer.Seen.Skip(1), (a, b) => b.At - a.At);
        Assert.All(gaps, gap => Assert.InRange(gap.TotalSeconds, 14.7, 15.3));
    });

    [Fact]
    public void Heartbeats_of_a_crowd_are_spread_over_their_period() => Broadcast.Run(async broadcast =>
    {
        var listing = broadcast.List(Samples.Sale());
        var viewers = Enumerable.Range(0, 120).Select(_ => broadcast.View(listing)).ToList();

        await broadcast.PassAsync(15.1);

        Assert.All(viewers, viewer => Assert.Single(viewer.Seen));
        var times = viewers.GroupBy(viewer => viewer.Seen[0].At).ToList();
        Assert.True(times.Count >= 30, $"They had it at {times.Count} moments.");
        Assert.All(times, time => Assert.True(time.Count() <= 6));
    });

    [Fact]
    public void A_rush_is_told_at_most_four_times_a_second_and_its_end_always() => Broadcast.Run(async broadcast =>
    {
        var listing = broadcast.List(Samples.Sale(quantity: 300));
        var viewer = broadcast.View(listing);

        for (var left = 299; left >= 0; left--)
        {
            broadcast.Leave(listing, left);
            await broadcast.PassAsync(0.01);
        }

        await broadcast.PassAsync(0.5);
        Assert.InRange(viewer.Sales.Count, 10, 14);
        var times = viewer.Seen.Where(seen => seen.Message is LiveMessage.OfSale).Select(seen => seen.At).ToList();
        Assert.All(times.Zip(times.Skip(1), (a, b) => b - a), gap => Assert.True(gap >= Pace, $"{gap}"));
        Assert.Equal(0, viewer.Sales[^1].Showing.Stock.Available);
        Assert.All(viewer.Sales, sale => Assert.False(sale.HasNewTerms));
    });

    [Fact]
    public void All_watchers_are_given_one_message() => Broadcast.Run(async broadcast =>
    {
        var listing = broadcast.List(Samples.Sale());
        var viewers = Enumerable.Range(0, 10).Select(_ => broadcast.View(listing)).ToList();

        broadcast.Leave(listing, 9);
        await broadcast.PassAsync(0.3);

        Assert.Single(viewers.Select(viewer => Assert.Single(viewer.Sales)).Distinct());
    });

    [Fact]
    public void The_larger_the_crowd_the_longer_a_mere_number_waits_and_no_urgent_word_does() => Broadcast.Run(
        async broadcast =>
        {
            var listing = broadcast.List(Samples.Sale(quantity: 1_000));
            var viewers = Enumerable.Range(0, 1_000).Select(_ => broadcast.View(listing)).ToList();

            for (var left = 999; left >= 900; left--)
            {
                broadcast.Leave(listing, left);
                await broadcast.PassAsync(0.1);
            }

            Assert.All(viewers, viewer => Assert.InRange(viewer.Sales.Count, 7, 10));
            var before = viewers[0].Sales.Count;
            broadcast.Leave(listing, 899);
            await broadcast.PassAsync(1.5);
            broadcast.Leave(listing, 0);
            await broadcast.PassAsync(0.5);
            listing.Update(listing.Sale with { Mode = SaleMode.Paused, Revision = 2 });
            await broadcast.PassAsync(0.5);
            broadcast.Leave(listing, 5);
            await broadcast.PassAsync(0.5);

            Assert.All(viewers, viewer => Assert.Equal((2, 0), (viewer.Sales[^1].Showing.Sale.Revision, Left(viewer))));
            await broadcast.PassAsync(1);
            Assert.All(viewers, viewer => Assert.Equal(5, Left(viewer)));
            Assert.InRange(viewers[0].Sales.Count - before, 4, 5);
        },
        new Limits { WatcherMessagesPerSecond = 1_000 });

    [Fact]
    public void A_crowd_is_told_bit_by_bit_and_nobody_is_left_out_who_comes_or_goes_meanwhile() => Broadcast.Run(
        async broadcast =>
        {
            var listing = broadcast.List(Samples.Sale());
            var viewers = Enumerable.Range(0, 3_000).Select(_ => broadcast.View(listing)).ToList();
            broadcast.Leave(listing, 9);
            await Task.Yield();
            var leaving = LeaveOneAfterAnotherAsync(broadcast, [.. viewers.Where((_, i) => i % 3 == 0)]);

            await broadcast.PassAsync(0.5);
            await leaving;

            var staying = viewers.Where((_, i) => i % 3 != 0).ToList();
            Assert.All(staying, viewer => Assert.Equal(9, Left(viewer)));
            var times = staying.Select(viewer => viewer.Seen.First(seen => seen.Message is LiveMessage.OfSale).At)
                .Distinct().Order().ToList();
            Assert.True(times.Count > 5, $"They were told at {times.Count} moments.");
            Assert.True(times[^1] - times[0] < TimeSpan.FromSeconds(0.1));
        });

    [Fact]
    public void Opening_and_closing_are_told_although_nobody_does_anything() => Broadcast.Run(async broadcast =>
    {
        var sale = Samples.Sale() with { ClosesAt = Samples.Noon.AddHours(1) };
        var viewer = broadcast.View(broadcast.List(sale));

        await broadcast.PassAsync(3 * 3_600);

        Assert.Equal([SaleState.Open, SaleState.Closed], viewer.Sales.Select(told => told.Showing.State));
        Assert.InRange(viewer.Sales[0].Showing.At - sale.OpensAt, TimeSpan.Zero, Pace);
        Assert.InRange(viewer.Sales[1].Showing.At - sale.ClosesAt.Value, TimeSpan.Zero, Pace);
    });

    [Fact]
    public void An_operators_change_is_told_whole_once() => Broadcast.Run(async broadcast =>
    {
        var listing = broadcast.List(Samples.Sale());
        var viewer = broadcast.View(listing);

        listing.Update(listing.Sale with { Mode = SaleMode.Paused, Revision = 2 });
        broadcast.Feed.SaleChanged(listing);
        await broadcast.PassAsync(0.3);
        broadcast.Leave(listing, 9);
        await broadcast.PassAsync(0.3);

        Assert.Equal([true, false], viewer.Sales.Select(told => told.HasNewTerms));
        Assert.Equal([2L, 2L], viewer.Sales.Select(told => told.Showing.Sale.Revision));
        Assert.Equal([SaleState.Paused, SaleState.Paused], viewer.Sales.Select(told => told.Showing.State));
    });

    [Fact]
    public void A_sale_that_is_listed_anew_is_looked_at_anew() => Broadcast.Run(async broadcast =>
    {
        var viewer = broadcast.View(broadcast.List(Samples.Sale()));

        broadcast.Leave(broadcast.List(Samples.Sale()), 3);
        await broadcast.PassAsync(0.3);

        Assert.Equal(3, Assert.Single(viewer.Sales).Showing.Stock.Available);
    });

    [Fact]
    public void Buyers_are_told_of_their_own_orders_at_once() => Broadcast.Run(async broadcast =>
    {
        var (drop, other) = (Samples.Sale(), Samples.Sale("other"));
        var listing = broadcast.List(drop);
        var (anna, again) = (broadcast.View(listing, "anna"), broadcast.View(listing, "anna"));
        var (ben, anyone) = (broadcast.View(listing, "ben"), broadcast.View(listing));
        var elsewhere = broadcast.View(broadcast.List(other), "anna");
        var reserved = Samples.Order(drop, "anna");
        var paid = reserved with { Status = OrderStatus.Paid, Revision = 2 };

        var before = broadcast.Clock.GetUtcNow();
        broadcast.Feed.OrdersChanged([Samples.Order(drop, "carl"), reserved]);
        broadcast.Feed.OrdersChanged([paid]);
        await broadcast.PassAsync(0.001);

        Assert.Equal([reserved, paid], anna.Orders);
        Assert.Equal([reserved, paid], again.Orders);
        Assert.All(anna.Seen, seen => Assert.Equal(before, seen.At));
        Assert.All((Viewer[])[ben, anyone, elsewhere], viewer => Assert.Empty(viewer.Orders));
    });

    [Fact]
    public void Who_has_left_is_told_nothing() => Broadcast.Run(async broadcast =>
    {
        var sale = Samples.Sale();
        var listing = broadcast.List(sale);
        var viewers = Enumerable.Range(0, 5).Select(_ => broadcast.View(listing, "anna")).ToList();

        viewers[4].Leave();
        viewers[0].Leave();
        viewers[2].Leave();
        broadcast.Leave(listing, 9);
        broadcast.Feed.OrdersChanged([Samples.Order(sale, "anna")]);
        await broadcast.PassAsync(20);

        Assert.Equal([0, 1, 0, 1, 0], viewers.Select(viewer => viewer.Sales.Count));
        Assert.Equal([0, 1, 0, 1, 0], viewers.Select(viewer => viewer.Orders.Count));
        Assert.Empty(viewers[0].Seen);
        Assert.Equal(2, broadcast.Feed.Watchers);
        Assert.Equal(WatchEnd.Left, viewers[0].End);
        await viewers[0].Finished;
    });

    [Fact]
    public void Where_nobody_watches_no_time_need_pass_and_an_order_costs_nothing() => Broadcast.Run(async broadcast =>
    {
        var sale = Samples.Sale();
        var listing = broadcast.List(sale);
        broadcast.View(listing, "anna").Leave();
        await broadcast.PassAsync(1);
        Order[] orders = [Samples.Order(sale, "anna")];
        broadcast.Feed.OrdersChanged(orders);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            broadcast.Feed.OrdersChanged(orders);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Empty(broadcast.Clock.JumpToNextTimer());
    });

    private static long Left(Viewer viewer) => viewer.Sales[^1].Showing.Stock.Available;

    private static async Task LeaveOneAfterAnotherAsync(Broadcast broadcast, IReadOnlyList<Viewer> viewers)
    {
        await broadcast.PassAsync(0.24);
        foreach (var viewer in viewers)
        {
            viewer.Leave();
            await broadcast.PassAsync(0.0001);
        }
    }
}
