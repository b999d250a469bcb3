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

    // How many of those buyers have the same part of their hash.
    private readonly Dictionary<uint, int> _tags = [];
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

    /// <summary>Whether a buyer of this tag may be among them.</summary>
    public bool MayHave(uint tag)
    {
        if (Volatile.Read(ref _buyers) == 0)
        {
            return false;
        }

        lock (_lock)
        {
            return _tags.ContainsKey(tag);
        }
    }

    /// <summary>Every buyer, once for each sale that it watches.</summary>
    public List<(SaleId Sale, BuyerId Buyer)> All()
    {
        var all = new List<(SaleId Sale, BuyerId Buyer)>();
        lock (_lock)
        {
            foreach (var (buyer, first) in _first)
            {
                var begun = all.Count;
                for (var watcher = first; watcher is not null; watcher = watcher.Next)
                {
                    if (all.FindIndex(begun, one => one.Sale == watcher.Sale) < 0)
                    {
                        all.Add((watcher.Sale, buyer));
                    }
                }
            }
        }

        return all;
    }

    /// <summary>A watcher was shown these orders.</summary>
    public void Know(Watcher watcher, IReadOnlyList<Order> orders)
    {
        lock (_lock)
        {
            foreach (var order in orders)
            {
                watcher.Told?.Note(order);
            }
        }
    }

    /// <summary>The orders that may have changed since their watchers were told of them.</summary>
    public List<OrderId> OpenOrders(
        SaleId sale, IReadOnlyList<BuyerId> buyers, IReadOnlyList<IReadOnlyList<HeldOrder>>? held)
    {
        var open = new List<OrderId>();
        var ofBuyer = new HashSet<OrderKey>();
        lock (_lock)
        {
            for (var i = 0; i < buyers.Count; i++)
            {
                ofBuyer.Clear();
                for (var watcher = _first.GetValueOrDefault(buyers[i]); watcher is not null; watcher = watcher.Next)
                {
                    if (watcher.Sale == sale && watcher.Told is { } told)
                    {
                        ofBuyer.UnionWith(told.Open);
                        ofBuyer.UnionWith(held?[i].Select(order => order.Key).Where(told.MayChange) ?? []);
                    }
                }

                open.AddRange(ofBuyer.Select(key => new OrderId(sale, key)));
            }
        }

        return open;
    }

    /// <summary>Tells each order's buyer of it.</summary>
    public void Tell(IReadOnlyList<Order> orders, bool onlyNews, TimeProvider clock)
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
                    Tell(watcher, orders[i], onlyNews, clock);
                }
            }
        }
    }

    private static void Tell(Watcher? watcher, Order order, bool onlyNews, TimeProvider clock)
    {
        LiveMessage? message = null;
        for (; watcher is not null; watcher = watcher.Next)
        {
            if (watcher.Sale == order.Id.Sale && (IsNews(watcher, order) || !onlyNews))
            {
                watcher.Offer(message ??= new LiveMessage.OfOrder(order, clock.GetUtcNow()));
            }
        }
    }

    private static bool IsNews(Watcher watcher, Order order) => watcher.Told?.Note(order) ?? true;

    private void SetFirst(BuyerId buyer, Watcher? watcher)
    {
        if (watcher is null)
        {
            _first.Remove(buyer);
            Count(OrderHint.TagOf(buyer), -1);
        }
        else
        {
            Count(OrderHint.TagOf(buyer), _first.ContainsKey(buyer) ? 0 : 1);
            _first[buyer] = watcher;
        }

        Volatile.Write(ref _buyers, _first.Count);
    }

    private void Count(uint tag, int more)
    {
        var count = _tags.GetValueOrDefault(tag) + more;
        if (count == 0)
        {
            _tags.Remove(tag);
        }
        else
        {
            _tags[tag] = count;
        }
    }
}
