namespace Doorbuster.Notification;

/// <summary>Those who watch one sale, and what they were last told of it.</summary>
/// <remarks>
/// Joining and leaving take a short lock, and so does telling all, which only puts messages into queues. What was last
/// told belongs to the feed's loop alone.
/// </remarks>
/// <param name="sale">The sale.</param>
/// <param name="showing">What it shows as the first of them comes.</param>
internal sealed class Audience(SaleId sale, Showing showing)
{
    private readonly Lock _lock = new();
    private readonly List<Watcher> _watchers = [];
    private Showing _told = showing;

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

    /// <summary>What to tell all of them; null where the sale shows what they know.</summary>
    public LiveMessage? News(Showing showing)
    {
        var told = _told;
        _told = showing;
        return showing.DiffersFrom(told) ? new LiveMessage.OfSale(showing, showing.HasOtherTerms(told)) : null;
    }

    /// <summary>Tells all of them the news, and that they live those who are due.</summary>
    /// <param name="news">For all; null for none.</param>
    /// <param name="heartbeat">For those of <paramref name="beat"/>.</param>
    /// <param name="beat">The part of the heartbeat's period that has come.</param>
    /// <param name="slow">Where to put those who are dropped, until they have left.</param>
    public void Tell(LiveMessage? news, LiveMessage heartbeat, int beat, List<Watcher> slow)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers)
            {
                if (news is not null)
                {
                    watcher.Offer(news);
                }

                if (watcher.Beat == beat)
                {
                    watcher.OfferHeartbeat(heartbeat);
                }

                if (watcher.End == WatchEnd.TooSlow)
                {
                    slow.Add(watcher);
                }
            }
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

    /// <summary>Adds all of them to a list.</summary>
    public void CopyTo(List<Watcher> all)
    {
        lock (_lock)
        {
            all.AddRange(_watchers);
        }
    }
}
