namespace Doorbuster.Notification;

/// <summary>Those who watch one sale, and what they were last told of it.</summary>
/// <remarks>
/// Joining and leaving take a short lock, and so does telling some of them, which only puts messages into queues. What
/// was last told belongs to the feed's loop alone.
/// </remarks>
/// <param name="sale">The sale.</param>
/// <param name="showing">What it shows as the first of them comes.</param>
/// <param name="now">The time stamp of that.</param>
internal sealed class Audience(SaleId sale, Showing showing, long now)
{
    private readonly Lock _lock = new();
    private readonly List<Watcher> _watchers = [];
    private Showing _told = showing;
    private long _toldAt = now;

    public SaleId Sale => sale;

    public int Count => _watchers.Count;

    public void Add(Watcher watcher)
    {
        lock (_lock)
        {
            watcher.Seat = _watchers.Count;
            _watchers.Add(watcher);
        }
    }

    public void Remove(Watcher watcher)
    {
        lock (_lock)
        {
            var last = _watchers[^1];
            _watchers[watcher.Seat] = last;
            last.Seat = watcher.Seat;
            _watchers.RemoveAt(_watchers.Count - 1);
        }
    }

    /// <summary>
    /// What to tell all of them; null where they know it, or where it can wait and they were told something just now.
    /// </summary>
    /// <param name="showing">What the sale shows.</param>
    /// <param name="patience">How long after the last news what can wait has to.</param>
    /// <param name="clock">The time.</param>
    public LiveMessage? News(Showing showing, TimeSpan patience, TimeProvider clock)
    {
        var told = _told;
        if (!showing.DiffersFrom(told)
            || (!showing.IsUrgentAfter(told) && clock.GetElapsedTime(_toldAt) < patience))
        {
            return null;
        }

        _told = showing;
        _toldAt = clock.GetTimestamp();
        return new LiveMessage.OfSale(showing, showing.HasOtherTerms(told));
    }

    /// <summary>
    /// Tells some of them the news, and that the connection lives those whose turn it is. It goes from the last seat to
    /// the first, because who leaves gives the seat to the last: so nobody is left out. Who comes meanwhile has the
    /// news in the snapshot.
    /// </summary>
    /// <param name="round">What to tell.</param>
    /// <param name="news">For all; null for none.</param>
    /// <param name="seats">How many seats from the first are still to be told.</param>
    /// <param name="most">How many to tell at most.</param>
    /// <returns>How many seats remain.</returns>
    public int Tell(Round round, LiveMessage? news, int seats, int most)
    {
        lock (_lock)
        {
            var seat = Math.Min(seats, _watchers.Count);
            for (var end = Math.Max(0, seat - most); seat > end;)
            {
                round.Tell(_watchers[--seat], news);
            }

            return seat;
        }
    }

    /// <summary>Tells all of them nothing more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _watchers.ForEach(watcher => watcher.EndBy(WatchEnd.Draining));
        }
    }
}
