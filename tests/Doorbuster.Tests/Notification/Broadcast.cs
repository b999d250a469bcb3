using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Notification;

namespace Doorbuster.Tests.Notification;

/// <summary>A live feed with its loop, on one thread, in a time that jumps from one event to the next.</summary>
internal sealed class Broadcast
{
    private readonly Dictionary<SaleId, long> _versions = [];

    private Broadcast(VirtualTimeProvider clock, Limits limits)
    {
        Clock = clock;
        Feed = new LiveFeed(Catalog, limits, clock);
    }

    public VirtualTimeProvider Clock { get; }

    public Catalog Catalog { get; } = new();

    public LiveFeed Feed { get; }

    /// <summary>Runs a test while the feed runs, an hour before the sample sales open.</summary>
    public static void Run(Func<Broadcast, Task> test, Limits? limits = null, int seed = 1)
    {
        var clock = new VirtualTimeProvider(Samples.Noon.AddHours(-1));
        var broadcast = new Broadcast(clock, limits ?? new Limits());
        new SeededScheduler(seed, clock).Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var running = broadcast.Feed.RunAsync(stop.Token);
            await test(broadcast);

            // Not CancelAsync, which leaves the thread.
            stop.Cancel();
            await Xunit.Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        });
    }

    /// <summary>Lists a sale.</summary>
    public Listing List(Sale sale)
    {
        var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, Version: 1);
        var listing = new Listing(new GateSnapshot(sale, Epoch: 1, stock, Admitted: 0, new Holdings()));
        Catalog.Add(listing);
        _versions[sale.Id] = 1;
        return listing;
    }

    /// <summary>Lets the gate say how many units are left.</summary>
    public void Leave(Listing listing, long available)
    {
        var version = ++_versions[listing.Sale.Id];
        listing.Mark.See(new StockView(Epoch: 1, version, available));
    }

    /// <summary>Watches, and takes every message as it comes.</summary>
    public Viewer View(Listing listing, string? buyer = null) =>
        new(Feed.Watch(listing, Named(buyer), () => { })!, Clock);

    /// <summary>Watches, and takes nothing by itself.</summary>
    public Watcher? Watch(Listing listing, string? buyer = null, Action? cut = null) =>
        Feed.Watch(listing, Named(buyer), cut ?? (() => { }));

    /// <summary>Lets time pass.</summary>
    public Task PassAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Clock);

    private static BuyerId? Named(string? buyer) => buyer is null ? null : BuyerId.Parse(buyer);
}

/// <summary>A watcher whose messages are taken at once.</summary>
internal sealed class Viewer
{
    private readonly List<(DateTimeOffset At, LiveMessage Message)> _seen = [];
    private readonly VirtualTimeProvider _clock;
    private readonly Watcher _watcher;

    public Viewer(Watcher watcher, VirtualTimeProvider clock)
    {
        _watcher = watcher;
        _clock = clock;
        Finished = TakeAsync();
    }

    /// <summary>Every message, with the time at which it was taken.</summary>
    public IReadOnlyList<(DateTimeOffset At, LiveMessage Message)> Seen => _seen;

    /// <summary>What it was told of its sale.</summary>
    public IReadOnlyList<LiveMessage.OfSale> Sales => [.. _seen.Select(s => s.Message).OfType<LiveMessage.OfSale>()];

    /// <summary>What it was told of its orders.</summary>
    public IReadOnlyList<Order> Orders =>
        [.. _seen.Select(s => s.Message).OfType<LiveMessage.OfOrder>().Select(m => m.Order)];

    public WatchEnd End => _watcher.End;

    /// <summary>Ends once nothing more will come.</summary>
    public Task Finished { get; }

    public void Leave() => _watcher.Dispose();

    private async Task TakeAsync()
    {
        while (await _watcher.WaitAsync())
        {
            while (_watcher.TryTake(out var message))
            {
                _seen.Add((_clock.GetUtcNow(), message));
            }
        }
    }
}
