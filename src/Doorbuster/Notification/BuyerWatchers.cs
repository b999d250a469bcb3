namespace Doorbuster.Notification;

/// <summary>
/// The watchers that said who they are, found by buyer. Every order that is committed is looked up here, on the claims'
/// own way: where nobody watches, that is one look at a number.
/// </summary>
internal sealed class BuyerWatchers
{
    private readonly Lock _lock = new();

    // The first of a buyer's watchers; the others follow it. There are few, so that an order is told in no time.
    private readonly Dictionary<BuyerId, Watcher> _first = [];
    private int _buyers;

    /// <summary>Adds a watcher, unless its buyer has as many already.</summary>
    public bool TryAdd(BuyerId buyer, Watcher watcher, int most)
    {
        lock (_lock)
        {
            var first = _first.GetValueOrDefault(buyer);
            for (var other = first; other is not null; other = other.Next)
            {
                most--;
            }

            if (most <= 0)
            {
                return false;
            }

            watcher.Next = first;
            SetFirst(buyer, watcher);
            return true;
        }
    }

    public void Remove(BuyerId buyer, Watcher watcher)
    {
        lock (_lock)
        {
            if (!_first.TryGetValue(buyer, out var other))
            {
                return;
            }

            if (other == watcher)
            {
                SetFirst(buyer, watcher.Next);
                return;
            }

            while (other is not null && other.Next != watcher)
            {
                other = other.Next;
            }

            if (other is not null)
            {
                other.Next = watcher.Next;
            }
        }
    }

    /// <summary>Tells each order's buyer of it.</summary>
    public void Tell(IReadOnlyList<Order> orders, TimeProvider clock)
    {
        if (Volatile.Read(ref _buyers) == 0)
        {
            return;
        }

        lock (_lock)
        {
            for (var i = 0; i < orders.Count; i++)
            {
                if (_first.TryGetValue(orders[i].Buyer, out var watcher))
                {
                    Tell(watcher, orders[i], clock);
                }
            }
        }
    }

    private static void Tell(Watcher? watcher, Order order, TimeProvider clock)
    {
        LiveMessage? message = null;
        for (; watcher is not null; watcher = watcher.Next)
        {
            if (watcher.Sale == order.Id.Sale)
            {
                watcher.Offer(message ??= new LiveMessage.OfOrder(order, clock.GetUtcNow()));
            }
        }
    }

    private void SetFirst(BuyerId buyer, Watcher? watcher)
    {
        if (watcher is null)
        {
            _first.Remove(buyer);
        }
        else
        {
            _first[buyer] = watcher;
        }

        Volatile.Write(ref _buyers, _first.Count);
    }
}
