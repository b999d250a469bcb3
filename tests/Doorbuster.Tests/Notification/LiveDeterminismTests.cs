using Doorbuster.Conformance;
using Doorbuster.Notification;
using Xunit;

namespace Doorbuster.Tests.Notification;

/// <summary>
/// In any order of events, a watcher that begins with a snapshot, drops what is older than it has and comes back after
/// it was dropped ends with the truth: nothing falls between a snapshot and what follows it.
/// </summary>
public sealed class LiveDeterminismTests
{
    private const int Seeds = 300;

    [Fact]
    public void Every_seed_ends_with_every_watcher_knowing_the_truth()
    {
        var dropped = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var town = new Town(seed);
            var fault = Record.Exception(
                () => Broadcast.Run(town.LiveAsync, new Limits { WatcherQueue = 4 }, seed));
            Assert.True(fault is null, $"Seed {seed}: {fault}");
            dropped += town.Dropped;
        }

        Assert.True(dropped > Seeds / 10, $"Only {dropped} watchers were ever dropped.");
    }

    /// <summary>One sale, buyers whose orders change, and watchers who dawdle, are dropped and come back.</summary>
    private sealed class Town(int seed)
    {
        private static readonly string[] Buyers = ["anna", "ben", "carl"];

        private readonly Random _random = new(seed);
        private readonly Sale _sale = Samples.Sale(quantity: 1_000);
        private readonly Dictionary<OrderId, Order> _store = [];
        private bool _isOver;

        public int Dropped { get; private set; }

        public async Task LiveAsync(Broadcast broadcast)
        {
            var listing = broadcast.List(_sale);
            var watching = Enumerable.Range(0, 6).Select(i => WatchAsync(broadcast, listing, Buyers[i % 3])).ToList();
            for (var step = 0; step < 60; step++)
            {
                await broadcast.PassAsync(_random.NextDouble() * 0.2);
                Change(broadcast, listing);
            }

            // Whoever was dropped has come back, and everyone has had time to hear the last word.
            await broadcast.PassAsync(10);
            _isOver = true;
            broadcast.Feed.Drain();
            var pictures = await Task.WhenAll(watching);
            Assert.All(pictures, picture => picture.IsTrue(listing, _store.Values));
        }

        private void Change(Broadcast broadcast, Listing listing)
        {
            if (_random.Next(3) == 0)
            {
                broadcast.Leave(listing, _random.Next(1_000));
                return;
            }

            // Now and then many at once, so that a queue overflows.
            var changes = _random.Next(8) == 0 ? 6 : 1;
            var buyer = Buyers[_random.Next(Buyers.Length)];
            var changed = new List<Order>();
            for (var i = 0; i < changes; i++)
            {
                var order = Samples.Order(_sale, buyer, $"k{_random.Next(4)}");
                order = order with { Revision = _store.GetValueOrDefault(order.Id)?.Revision + 1 ?? 1 };
                _store[order.Id] = order;
                changed.Add(order);
            }

            broadcast.Feed.OrdersChanged(changed);
        }

        private async Task<Picture> WatchAsync(Broadcast broadcast, Listing listing, string buyer)
        {
            while (true)
            {
                await broadcast.PassAsync(_random.NextDouble());
                if (broadcast.Watch(listing, buyer) is not { } watcher)
                {
                    continue;
                }

                using (watcher)
                {
                    var picture = await TakeSnapshotAsync(broadcast, listing, buyer);
                    await ListenAsync(broadcast, watcher, picture);
                    if (_isOver)
                    {
                        return picture;
                    }

                    Dropped++;
                }
            }
        }

        /// <summary>Reads the orders a moment before the sale, as reading a store takes its time.</summary>
        private async Task<Picture> TakeSnapshotAsync(Broadcast broadcast, Listing listing, string buyer)
        {
            await broadcast.PassAsync(_random.NextDouble() * 0.1);
            var own = _store.Values.Where(order => order.Buyer.ToString() == buyer).ToDictionary(order => order.Id);
            await broadcast.PassAsync(_random.NextDouble() * 0.1);
            return new Picture(buyer, Showing.Of(listing, broadcast.Clock.GetUtcNow()), own);
        }

        private async Task ListenAsync(Broadcast broadcast, Watcher watcher, Picture picture)
        {
            while (await watcher.WaitAsync() && watcher.End != WatchEnd.TooSlow)
            {
                if (watcher.TryTake(out var message))
                {
                    picture.Hear(message);
                }

                if (_random.Next(10) == 0)
                {
                    await broadcast.PassAsync(_random.NextDouble() * 0.5);
                }
            }
        }
    }

    /// <summary>What a watcher knows.</summary>
    private sealed class Picture(string buyer, Showing first, Dictionary<OrderId, Order> orders)
    {
        private StockView _stock = first.Stock;

        public void Hear(LiveMessage message)
        {
            if (message is LiveMessage.OfOrder { Order: var order })
            {
                Assert.Equal(buyer, order.Buyer.ToString());
                if (order.Revision > (orders.GetValueOrDefault(order.Id)?.Revision ?? 0))
                {
                    orders[order.Id] = order;
                }
            }
            else if (message is LiveMessage.OfSale { Showing: var showing } && showing.IsNewsAfter(first))
            {
                Assert.False(showing.Stock.IsOlderThan(_stock), "The stock went back in time.");
                _stock = showing.Stock;
            }
        }

        public void IsTrue(Listing listing, IEnumerable<Order> all)
        {
            Assert.Equal(listing.Mark.View, _stock);
            var own = all.Where(order => order.Buyer.ToString() == buyer).OrderBy(order => order.Id.ToString());
            Assert.Equal(own, orders.Values.OrderBy(order => order.Id.ToString()));
        }
    }
}
