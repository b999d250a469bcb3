namespace Doorbuster.Claims;

/// <summary>
/// Orders of which this node has told that nobody knows whether they stand: while nobody can tell, the same is told
/// again, and not that a claim under that id has changed nothing.
/// </summary>
/// <remarks>
/// Many lanes use it at once. It is bounded: what has been there longest is forgotten first, and is told <c>busy</c>
/// then, which is true of each later claim taken by itself.
/// </remarks>
internal sealed class UnknownEnds
{
    /// <summary>Orders that are remembered at most.</summary>
    internal const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<OrderId> _orders = [];
    private readonly Queue<OrderId> _inTurn = [];
    private volatile bool _isEmpty = true;

    /// <summary>Remembers an order.</summary>
    public void Add(OrderId order)
    {
        lock (_lock)
        {
            if (_orders.Add(order))
            {
                _inTurn.Enqueue(order);
            }

            while (_inTurn.Count > Most)
            {
                _orders.Remove(_inTurn.Dequeue());
            }

            _isEmpty = _orders.Count == 0;
        }
    }

    /// <summary>Whether it is remembered.</summary>
    public bool Has(OrderId order)
    {
        if (_isEmpty)
        {
            return false;
        }

        lock (_lock)
        {
            return _orders.Contains(order);
        }
    }

    /// <summary>Whether a claim of these batches is about one that is remembered.</summary>
    public bool HasAnyOf(List<SaleBatch> batches)
    {
        if (_isEmpty)
        {
            return false;
        }

        lock (_lock)
        {
            foreach (var batch in batches)
            {
                foreach (ref readonly var claim in batch.Claims)
                {
                    if (_orders.Contains(claim.Order))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    /// <summary>What a batch's claims are about has been told for certain.</summary>
    public void Forget(SaleBatch batch)
    {
        if (_isEmpty)
        {
            return;
        }

        lock (_lock)
        {
            foreach (ref readonly var claim in batch.Claims)
            {
                _orders.Remove(claim.Order);
            }

            _isEmpty = _orders.Count == 0;
            if (_isEmpty)
            {
                _inTurn.Clear();
            }
        }
    }
}
