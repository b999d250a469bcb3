using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// One sale's orders as a gate is opened with them, read as the database sends them in bulk, for whoever would write
/// waits meanwhile.
/// </summary>
/// <remarks>https://www.postgresql.org/docs/15/sql-copy.html, the binary format.</remarks>
internal sealed class CopiedOrders
{
    private const int HeaderBytes = 19;
    private const int End = -1;

    private readonly List<HeldOrder> _orders = [];
    private readonly List<long> _places = [];
    private readonly List<int> _ends = [];
    private readonly List<byte> _buyers = [];

    private byte[] _buffer = new byte[1 << 16];
    private int _from;
    private int _to;

    private CopiedOrders()
    {
    }

    /// <summary>Reads them all; the caller has locked the sale.</summary>
    /// <exception cref="InvalidDataException">A row's buyer is none that this program wrote.</exception>
    public static async Task<Holdings> ReadAsync(
        NpgsqlConnection connection, int saleNo, CancellationToken cancellationToken)
    {
        var copy = "COPY (SELECT place, key, quantity, status, turn, buyer FROM orders WHERE sale_no = "
            + saleNo.ToString(CultureInfo.InvariantCulture) + ") TO STDOUT (FORMAT binary)";
        var read = new CopiedOrders();
        await using (var stream = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken))
        {
            await read.ReadAsync(stream, cancellationToken);
        }

        return read.ToHoldings();
    }

    private async Task ReadAsync(NpgsqlRawCopyStream stream, CancellationToken cancellationToken)
    {
        await FillAsync(stream, HeaderBytes, cancellationToken);
        _from += HeaderBytes;
        while (true)
        {
            await FillAsync(stream, sizeof(short), cancellationToken);
            if (BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_from)) == End)
            {
                return;
            }

            while (!TryReadRow())
            {
                await FillAsync(stream, _to - _from + 1, cancellationToken);
            }
        }
    }

    /// <summary>Sees to it that so many bytes are there.</summary>
    private async ValueTask FillAsync(NpgsqlRawCopyStream stream, int bytes, CancellationToken cancellationToken)
    {
        while (_to - _from < bytes)
        {
            if (_from > 0)
            {
                _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
                (_from, _to) = (0, _to - _from);
            }

            if (_to == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_to), cancellationToken);
            _to += read > 0 ? read : throw new InvalidDataException("The database has sent half a row.");
        }
    }

    /// <summary>Takes one row; false where it is not there as a whole.</summary>
    private bool TryReadRow()
    {
        var rest = _buffer.AsSpan(_from, _to - _from)[sizeof(short)..];
        if (!TryTake(ref rest, out var place) || !TryTake(ref rest, out var key) || !TryTake(ref rest, out var quantity)
            || !TryTake(ref rest, out var status) || !TryTake(ref rest, out var turn)
            || !TryTake(ref rest, out var buyer))
        {
            return false;
        }

        var held = OrderRows.Held(
            (OrderStatus)BinaryPrimitives.ReadInt16BigEndian(status), BinaryPrimitives.ReadInt32BigEndian(quantity));
        _orders.Add(new HeldOrder(
            new OrderKey(
                BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key[sizeof(ulong)..])),
            held, held == 0 ? 0 : BinaryPrimitives.ReadInt32BigEndian(turn)));
        _places.Add(BinaryPrimitives.ReadInt64BigEndian(place));
        _buyers.AddRange(buyer);
        _ends.Add(_buyers.Count);
        _from = _to - rest.Length;
        return true;
    }

    private static bool TryTake(ref Span<byte> rest, out Span<byte> field)
    {
        field = default;
        if (rest.Length < sizeof(int))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        if (rest.Length - sizeof(int) < length)
        {
            return false;
        }

        field = rest.Slice(sizeof(int), length);
        rest = rest[(sizeof(int) + length)..];
        return true;
    }

    private Holdings ToHoldings()
    {
        var orders = CollectionsMarshal.AsSpan(_orders);
        var holdings = new Holdings(orders.Length);
        var buyers = CollectionsMarshal.AsSpan(_buyers);
        var ends = CollectionsMarshal.AsSpan(_ends);
        var added = IsInOrder() ? holdings.AddAll(buyers, ends, orders) : AddSorted(holdings);
        return added == orders.Length
            ? holdings
            : throw new InvalidDataException("An order in the store has a buyer that is not a buyer id.");
    }

    private bool IsInOrder()
    {
        for (var i = 1; i < _places.Count; i++)
        {
            if (_places[i] < _places[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Rows that have changed have moved; a buyer's orders are told in the order of their making.</summary>
    private int AddSorted(Holdings holdings)
    {
        var rows = new int[_places.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = i;
        }

        CollectionsMarshal.AsSpan(_places).ToArray().AsSpan().Sort(rows.AsSpan());
        var buyers = CollectionsMarshal.AsSpan(_buyers);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            var first = row == 0 ? 0 : _ends[row - 1];
            var buyer = buyers[first.._ends[row]];
            if (holdings.AddAll(buyer, [buyer.Length], [_orders[row]]) == 0)
            {
                return i;
            }
        }

        return rows.Length;
    }
}
