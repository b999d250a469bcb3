using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Doorbuster.Notification;

/// <summary>
/// One who watches a sale, with a bounded queue. Whoever tells it something never waits: where the queue is full the
/// watcher is dropped, and finds everything again in its next snapshot.
/// </summary>
/// <remarks>
/// Invariant: what was offered before <see cref="End"/> was set is in the queue, in order; nothing is left out between
/// two messages that were taken. One reader takes; anyone offers. Tests: <c>WatcherTests</c>, <c>LiveFeedTests</c>.
/// </remarks>
public sealed class Watcher : IDisposable
{
    private readonly IWatched _feed;
    private readonly Action _cut;
    private readonly Channel<LiveMessage> _queue;
    private int _end;
    private bool _isGone;

    // Since the last heartbeat; before the first there was nothing to take.
    private volatile bool _hasTaken = true;

    internal Watcher(IWatched feed, SaleId sale, BuyerId? buyer, int queueLength, Action cut)
    {
        _feed = feed;
        _cut = cut;
        _queue = Channel.CreateBounded<LiveMessage>(
            new BoundedChannelOptions(queueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        Sale = sale;
        Buyer = buyer;
    }

    /// <summary>The sale it watches.</summary>
    public SaleId Sale { get; }

    /// <summary>Whose orders it is told of; nobody's where null.</summary>
    public BuyerId? Buyer { get; }

    /// <summary>Why it is told nothing more; <see cref="WatchEnd.None"/> while it is.</summary>
    public WatchEnd End => (WatchEnd)Volatile.Read(ref _end);

    /// <summary>Its place among the watchers of its sale, which they keep.</summary>
    internal int Seat { get; set; }

    /// <summary>The part of the heartbeat's period in which it is due.</summary>
    internal int Beat { get; init; }

    /// <summary>What it was told of its orders; null where all there is to tell comes from this node.</summary>
    internal ToldOrders? Told { get; init; }

    /// <summary>The next watcher of the same buyer.</summary>
    internal Watcher? Next { get; set; }

    /// <summary>
    /// Waits for messages to take. False once there will be none; <see cref="End"/> says why.
    /// </summary>
    public ValueTask<bool> WaitAsync() => _queue.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Takes the next message, where one waits.</summary>
    public bool TryTake([NotNullWhen(true)] out LiveMessage? message)
    {
        if (!_queue.Reader.TryRead(out message))
        {
            return false;
        }

        _hasTaken = true;
        return true;
    }

    /// <summary>Takes note of the orders that it was shown in its snapshot: they are no news to it.</summary>
    public void Know(IReadOnlyList<Order> orders) => _feed.Know(this, orders);

    /// <summary>It stops watching; who waits for messages is told so. It is still to be disposed.</summary>
    public void Leave() => EndBy(WatchEnd.Left);

    /// <summary>Gives up its place.</summary>
    public void Dispose()
    {
        Leave();
        lock (_queue)
        {
            _isGone = true;
        }

        _feed.Remove(this);
    }

    /// <summary>Tells it something; drops it where its queue is full.</summary>
    internal void Offer(LiveMessage message)
    {
        if (!_queue.Writer.TryWrite(message))
        {
            EndBy(WatchEnd.TooSlow);
        }
    }

    /// <summary>
    /// Tells it that the connection lives. Dropped is also who has taken nothing since the last heartbeat although
    /// something waited: its last send hangs.
    /// </summary>
    internal void OfferHeartbeat(LiveMessage heartbeat)
    {
        if (!_hasTaken && _queue.Reader.Count > 0)
        {
            EndBy(WatchEnd.TooSlow);
        }

        _hasTaken = false;
        Offer(heartbeat);
    }

    /// <summary>Tells it nothing more; the first reason stays.</summary>
    internal void EndBy(WatchEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, (int)end, (int)WatchEnd.None) == (int)WatchEnd.None)
        {
            _queue.Writer.TryComplete();
            if (end == WatchEnd.TooSlow)
            {
                _feed.NoteDropped();
            }
        }
    }

    /// <summary>
    /// Cuts the connection, in which a send may hang; unless it has given up its place, for then the connection may
    /// serve someone else already.
    /// </summary>
    internal void Cut()
    {
        lock (_queue)
        {
            if (!_isGone)
            {
                _cut();
            }
        }
    }
}
