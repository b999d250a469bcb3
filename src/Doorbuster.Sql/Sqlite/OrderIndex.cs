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

    /// <summary>Adds orders that were just committed to consecutive rows.</summary>
    /// <exception cref="ArgumentException">A key is there already: two orders have one id.</exception>
    public void Add(IEnumerable<OrderKey> keys, long firstRow)
    {
        lock (_lock)
        {
            foreach (var key in keys)
            {
                _rows.Add(key, firstRow++);
            }
        }
    }

    public bool TryFind(OrderKey key, out long row)
    {
        lock (_lock)
        {
            return _rows.TryGetValue(key, out row);
        }
    }

    public bool ContainsAny(IEnumerable<OrderKey> keys)
    {
        lock (_lock)
        {
            return keys.Any(_rows.ContainsKey);
        }
    }
}
