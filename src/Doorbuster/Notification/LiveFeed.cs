using System.Threading.Channels;
using Doorbuster.Telemetry;

namespace Doorbuster.Notification;

/// <summary>
/// The one source of what watchers are told, whatever carries it to them: their own orders at once, their sale at most
/// four times a second and only when it shows something else, and a heartbeat. The more they are, the less often a mere
/// change of the number left is told.
/// </summary>
/// <remarks>
/// <para>
/// A sale is looked at, not listened to: a pass over the sales that are watched compares what each shows with what was
/// last told. So a rush of claims costs it nothing, no change can be missed, and what time alone brings, the opening
/// and the closing, is seen like any other change. Nobody's orders are looked at; they are offered as they are
/// committed.
/// </para>
/// <para>
/// Invariant: a watcher that is in place before its snapshot is read is told everything that comes after the snapshot.
/// Whoever commits an order tells of it after it can be read. Tests: <c>LiveFeedTests</c>, <c>LiveDeterminismTests</c>.
/// </para>
/// </remarks>
/// <param name="catalog">Where the sales are.</param>
/// <param name="limits">How many watchers there may be, and how many messages wait for one.</param>
/// <param name="clock">The time.</param>
/// <param name="instruments">Count who is dropped; nothing is counted where null.</param>
/// <param name="hasFarOrders">
/// Whether orders change on other nodes too: then it is remembered what watchers were told, because some of it is found
/// by looking.
/// </param>
public sealed class LiveFeed(
    Catalog catalog, Limits limits, TimeProvider clock, Instruments? instruments = null, bool hasFarOrders = false)
    : INotifier, IWatched
{
    /// <summary>The time between two looks at the sales.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>The time between two heartbeats of one watcher.</summary>
    public static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    /// <summary>How long watchers may take to leave a server that stops, before they are cut off.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<SaleId, Audience> _audiences = [];

    // The same as the dictionary's, in an order that does not depend on hashes.
    private readonly List<Audience> _inOrder = [];
    private readonly BuyerWatchers _buyers = new();

    // Somebody has come: one such word is enough, however many come.
    private readonly Channel<bool> _arrival = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Rounds _rounds = new(catalog, limits, clock);
    private int _watchers;
    private int _joined;
    private long? _drainBegan;

    /// <summary>How many watch now.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>Begins to watch a sale; the caller reads its snapshot after that.</summary>
    /// <param name="listing">The sale.</param>
    /// <param name="buyer">Whose orders to tell of; nobody's where null.</param>
    /// <param name="cut">
    /// Cuts the connection of a watcher that was dropped. It returns at once, may be called again, and is called until
    /// the watcher is disposed.
    /// </param>
    /// <returns>The watcher; null where there are too many, or the feed drains: try again later.</returns>
    public Watcher? Watch(Listing listing, BuyerId? buyer, Action cut)
    {
        var watcher = Place(listing, buyer, cut);
        if (watcher is null || buyer is not { } known || _buyers.TryAdd(known, watcher, limits.WatchersPerBuyer))
        {
            return watcher;
        }

        watcher.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void OrdersChanged(IReadOnlyList<Order> orders) => _buyers.Tell(orders, onlyNews: false, clock);

    /// <summary>Tells of orders that were found to be so, where that is news.</summary>
    public void OrdersFound(IReadOnlyList<Order> orders) => _buyers.Tell(orders, onlyNews: true, clock);

    /// <summary>Whether a buyer with this part of its <see cref="OrderHint.TagOf"/> may be watching.</summary>
    public bool MayWatch(uint buyer) => _buyers.MayHave(buyer);

    /// <summary>Every buyer that watches, once for each sale that it watches.</summary>
    public IReadOnlyList<(SaleId Sale, BuyerId Buyer)> WatchedBuyers() => _buyers.All();

    /// <summary>The orders of watchers that may have changed since they were told of them.</summary>
    /// <param name="sale">The sale that they watch.</param>
    /// <param name="buyers">Who watches.</param>
    /// <param name="held">Which orders each of them has; null where that is not known.</param>
    public IReadOnlyList<OrderId> OpenOrders(
        SaleId sale, IReadOnlyList<BuyerId> buyers, IReadOnlyList<IReadOnlyList<HeldOrder>>? held) =>
        _buyers.OpenOrders(sale, buyers, held);

    /// <inheritdoc/>
    public void SaleChanged(Listing listing)
    {
        // The next look at the sale sees the change.
    }

    /// <summary>
    /// Takes no more watchers and ends those there are. Each is sent what waits for it; who has not left after
    /// <see cref="DrainTime"/> is cut off.
    /// </summary>
    public void Drain()
    {
        lock (_lock)
        {
            _drainBegan ??= clock.GetTimestamp();
            _inOrder.ForEach(audience => audience.End());
        }
    }

    /// <summary>Looks at the sales that are watched until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Watchers == 0)
            {
                // Nobody watches, so no time need pass.
                await _arrival.Reader.ReadAsync(cancellationToken);
                _rounds.Begin();
            }
            else
            {
                await Task.Delay(Pace, clock, cancellationToken);
                var (audiences, isOverdue) = Now();
                await _rounds.GoAsync(audiences, Watchers, isOverdue, cancellationToken);
            }
        }
    }

    void IWatched.Know(Watcher watcher, IReadOnlyList<Order> orders) => _buyers.Know(watcher, orders);

    void IWatched.NoteDropped() => instruments?.Watchers.CountDropped();

    void IWatched.Remove(Watcher watcher)
    {
        lock (_lock)
        {
            if (watcher.Seat < 0)
            {
                return;
            }

            var audience = _audiences[watcher.Sale];
            audience.Remove(watcher);
            watcher.Seat = -1;
            _watchers--;
            if (audience.Count == 0)
            {
                _audiences.Remove(audience.Sale);
                _inOrder.Remove(audience);
            }
        }

        if (watcher.Buyer is { } buyer)
        {
            _buyers.Remove(buyer, watcher);
        }
    }

    private Watcher? Place(Listing listing, BuyerId? buyer, Action cut)
    {
        var sale = listing.Sale.Id;
        lock (_lock)
        {
            if (_drainBegan is not null || _watchers >= limits.MaxWatchers)
            {
                return null;
            }

            if (!_audiences.TryGetValue(sale, out var audience))
            {
                audience = new Audience(sale, Showing.Of(listing, clock.GetUtcNow()), clock.GetTimestamp());
                _audiences.Add(sale, audience);
                _inOrder.Add(audience);
            }
            else if (audience.Count >= limits.MaxWatchersPerSale)
            {
                return null;
            }

            // Heartbeats are spread over their period: a crowd that came at once is not told all at once.
            var beat = (_joined = (_joined + 1) % Round.Beats);
            var watcher = new Watcher(this, sale, buyer, limits.WatcherQueue, cut)
            {
                Beat = beat,
                Told = hasFarOrders && buyer is not null ? new ToldOrders() : null,
            };
            audience.Add(watcher);
            if (_watchers++ == 0)
            {
                _arrival.Writer.TryWrite(true);
            }

            return watcher;
        }
    }

    /// <summary>The sales that are watched, and whether those who are here have had their time to leave.</summary>
    private (Audience[] Audiences, bool IsOverdue) Now()
    {
        lock (_lock)
        {
            return ([.. _inOrder], _drainBegan is { } began && clock.GetElapsedTime(began) >= DrainTime);
        }
    }
}
