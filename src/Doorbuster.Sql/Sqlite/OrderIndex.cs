namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Where each order's row is. It lives in memory and is read from the rows at every start, because an index on disk
/// over random ids would cost a page a claim (docs/adr/0001).
/// </summary>
internal sealed class OrderIndex
{
    private readonly Lock _lock = new();
    private Dictionary<OrderKey, long> _rows = [];

    /// <summary>Replaces everything.</summary>
    public void Load(Dictionary<OrderKey, long> rows)
    {
        lock (_lock)
        {
            _rows = rows;
        }
    }

    /// <summary>
    /// Adds orders that are being written to consecutive rows. Whoever finds one before it is committed finds no row.
    /// </summary>
    /// <returns>The row after the last.</returns>
    /// <exception cref="InvalidOperationException">An id is there already: two orders would have one.</exception>
    public long Add(IReadOnlyList<Order> orders, long firstRow)
    {
        lock (_lock)
        {
            for (var i = 0; i < orders.Count; i++)
            {
                if (!_rows.TryAdd(orders[i].Id.Key, firstRow + i))
                {
                    RemoveFirst(orders, i);
                    throw new InvalidOperationException($"Order {orders[i].Id} is to be written a second time.");
                }
            }

            return firstRow + orders.Count;
        }
    }

    /// <summary>Adds an order that was found on disk.</summary>
    public void Add(OrderKey key, long row)
    {
        lock (_lock)
        {
            _rows.TryAdd(key, row);
        }
    }

    /// <summary>Forgets orders that were not committed after all.</summary>
    public void Remove(IReadOnlyList<Order> orders)
    {
        lock (_lock)
        {
            RemoveFirst(orders, orders.Count);
        }
    }

    public bool TryFind(OrderKey key, out long row)
    {
        lock (_lock)
        {
            return _rows.TryGetValue(key, out row);
        }
    }

    private void RemoveFirst(IReadOnlyList<Order> orders, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _rows.Remove(orders[i].Id.Key);
        }
    }
}
