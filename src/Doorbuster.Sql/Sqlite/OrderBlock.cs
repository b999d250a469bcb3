namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Orders of one sale that were read one after another and are taken over together: done in turns, reading and taking
/// over drive each other from the processor's caches, and a restart takes a sixth longer.
/// </summary>
internal sealed class OrderBlock
{
    private const int Size = 256;

    private readonly long[] _rows = new long[Size];
    private readonly OrderKey[] _keys = new OrderKey[Size];
    private readonly HeldOrder[] _orders = new HeldOrder[Size];
    private readonly byte[] _buyers = new byte[Size * BuyerId.MaxBytes];
    private readonly int[] _ends = new int[Size];
    private int _count;

    public bool IsFull => _count == Size;

    /// <summary>Adds an order.</summary>
    /// <exception cref="InvalidDataException">Its buyer's id is longer than any.</exception>
    public void Add(long row, ReadOnlySpan<byte> buyer, HeldOrder order)
    {
        if (buyer.Length > BuyerId.MaxBytes)
        {
            throw NoBuyer(row);
        }

        var start = _count == 0 ? 0 : _ends[_count - 1];
        buyer.CopyTo(_buyers.AsSpan(start));
        _ends[_count] = start + buyer.Length;
        _rows[_count] = row;
        _keys[_count] = order.Key;
        _orders[_count] = order;
        _count++;
    }

    /// <summary>Takes all of them over, and is empty again.</summary>
    /// <exception cref="InvalidDataException">Two orders have one id, or a buyer's id is none.</exception>
    public void MoveTo(Holdings? holdings, OrderIndex index)
    {
        if (holdings is null || _count == 0)
        {
            return;
        }

        var indexed = index.AddAll(_keys.AsSpan(0, _count), _rows.AsSpan(0, _count));
        if (indexed < _count)
        {
            throw new InvalidDataException(
                $"Order {_rows[indexed]} of the store has another order's id: the database is damaged.");
        }

        var held = holdings.AddAll(_buyers, _ends, _orders.AsSpan(0, _count));
        if (held < _count)
        {
            throw NoBuyer(_rows[held]);
        }

        _count = 0;
    }

    private static InvalidDataException NoBuyer(long row) =>
        new($"Order {row} of the store has a buyer whose id is none: the database is damaged.");
}
