using Doorbuster.Compact;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Where each order's row is. It lives in memory and is read from the rows at every start, because an index on disk
/// over random ids would cost a page a claim (docs/adr/0001). An order costs 28 bytes.
/// </summary>
/// <remarks>
/// One caller adds and takes back, under the writer's turn; any number look rows up. The lock is held for one order.
/// </remarks>
internal sealed class OrderIndex
{
    private readonly Lock _lock = new();
    private ChainedTable<IndexedOrder> _orders = new();

    /// <summary>Takes over everything that another index found, and forgets what it had.</summary>
    public void Load(OrderIndex found)
    {
        lock (_lock)
        {
            _orders = found._orders;
        }
    }

    /// <summary>Adds an order that is at a row, or is being written there.</summary>
    /// <returns>False where its id is there already.</returns>
    /// <exception cref="OverflowException">The row is beyond 2,147,483,647.</exception>
    public bool TryAdd(OrderKey key, long row)
    {
        var order = new IndexedOrder(key, checked((int)row));
        lock (_lock)
        {
            if (Find(key) >= 0)
            {
                return false;
            }

            _orders.Add(order);
            return true;
        }
    }

    /// <summary>
    /// Adds orders that are being written to consecutive rows. Whoever finds one before it is committed finds no row.
    /// </summary>
    /// <returns>The row after the last.</returns>
    /// <exception cref="InvalidOperationException">
    /// An id is there already: two orders would have one. The orders before it were added.
    /// </exception>
    public long Add(IReadOnlyList<Order> orders, long firstRow)
    {
        var row = firstRow;
        for (var i = 0; i < orders.Count; i++)
        {
            if (!TryAdd(orders[i].Id.Key, row++))
            {
                throw new InvalidOperationException($"Order {orders[i].Id} is to be written a second time.");
            }
        }

        return row;
    }

    /// <summary>Forgets the newest orders, from this row on: they were not committed after all.</summary>
    public void RemoveFrom(long firstRow)
    {
        lock (_lock)
        {
            while (_orders.Count > 0 && _orders[_orders.Count - 1].Row >= firstRow)
            {
                _orders.RemoveLast();
            }
        }
    }

    public bool TryFind(OrderKey key, out long row)
    {
        lock (_lock)
        {
            var place = Find(key);
            row = place >= 0 ? _orders[place].Row : 0;
            return place >= 0;
        }
    }

    private int Find(OrderKey key)
    {
        var place = _orders.First(IndexedOrder.HashOf(key));
        while (place >= 0 && _orders[place].Key != key)
        {
            place = _orders.Next(place);
        }

        return place;
    }

    /// <summary>Row numbers fit: an index of so many orders would not.</summary>
    private struct IndexedOrder(OrderKey key, int row) : IChained
    {
        public readonly OrderKey Key => key;

        public readonly int Row => row;

        public readonly uint Hash => HashOf(key);

        public int Link { readonly get; set; }

        public static uint HashOf(OrderKey key) => (uint)key.GetHashCode();
    }
}
