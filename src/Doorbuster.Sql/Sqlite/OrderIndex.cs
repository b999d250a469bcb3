using Doorbuster.Compact;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Where each order's row is. It lives in memory and is read from the rows at every start, because an index on disk
/// over random ids would cost a page a claim (docs/adr/0001). An order costs 28 bytes.
/// </summary>
/// <remarks>
/// One caller adds and takes back, under the writer's turn; any number look rows up. The lock is held for one batch.
/// </remarks>
/// <param name="expected">Orders that will be added at once; filling is faster by that.</param>
internal sealed class OrderIndex(int expected = 0)
{
    /// <summary>Few enough that what was touched is still near when its turn comes.</summary>
    private const int TouchedAtOnce = 256;

    private readonly Lock _lock = new();
    private ChainedTable<IndexedOrder> _orders = new(expected);

    /// <summary>Takes over everything that another index found, and forgets what it had.</summary>
    public void Load(OrderIndex found)
    {
        lock (_lock)
        {
            _orders = found._orders;
        }
    }

    /// <summary>Adds an order that was found on disk.</summary>
    /// <returns>False where its id is there already.</returns>
    public bool TryAdd(OrderKey key, long row)
    {
        lock (_lock)
        {
            return TryAddOne(key, row);
        }
    }

    /// <summary>Adds orders that were found on disk, faster than one by one.</summary>
    /// <returns>How many were added: fewer than there are where an id was there already, which comes next.</returns>
    public int AddAll(ReadOnlySpan<OrderKey> keys, ReadOnlySpan<long> rows)
    {
        Span<uint> hashes = stackalloc uint[TouchedAtOnce];
        lock (_lock)
        {
            for (var first = 0; first < keys.Length; first += TouchedAtOnce)
            {
                var count = Math.Min(TouchedAtOnce, keys.Length - first);
                for (var i = 0; i < count; i++)
                {
                    hashes[i] = IndexedOrder.HashOf(keys[first + i]);
                }

                _orders.Touch(hashes[..count]);
                for (var i = first; i < first + count; i++)
                {
                    if (!TryAddOne(keys[i], rows[i]))
                    {
                        return i;
                    }
                }
            }
        }

        return keys.Length;
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
        var keys = new OrderKey[orders.Count];
        var rows = new long[orders.Count];
        for (var i = 0; i < orders.Count; i++)
        {
            keys[i] = orders[i].Id.Key;
            rows[i] = firstRow + i;
        }

        var added = AddAll(keys, rows);
        return added == orders.Count
            ? firstRow + added
            : throw new InvalidOperationException($"Order {orders[added].Id} is to be written a second time.");
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

    /// <exception cref="OverflowException">The row is beyond 2,147,483,647.</exception>
    private bool TryAddOne(OrderKey key, long row)
    {
        if (Find(key) >= 0)
        {
            return false;
        }

        _orders.Add(new IndexedOrder(key, checked((int)row)));
        return true;
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
