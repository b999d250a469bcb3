using System.Buffers.Binary;
using System.Text;

namespace Doorbuster.Notification;

/// <summary>
/// Hints as a message: a byte of length and the sender's name; then, sale by sale, a byte of length and the sale's id,
/// how many orders there are (2 bytes), and of each its key (16) and the part of its buyer's hash (4), big-endian.
/// </summary>
/// <param name="node">The name of this process.</param>
public sealed class PackedHints(string node)
{
    private const int OrderSize = 16 + 4;

    private readonly byte[] _node = Encoding.ASCII.GetBytes(node);

    /// <summary>Packs hints into messages of so many bytes at most, sale by sale.</summary>
    /// <param name="hints">The hints.</param>
    /// <param name="most">The bytes; at least enough for a name, a sale's id and one order.</param>
    public IEnumerable<byte[]> Pack(IReadOnlyList<OrderHint> hints, int most)
    {
        var some = new List<OrderHint>();
        var bytes = 0;
        foreach (var hint in hints.GroupBy(hint => hint.Order.Sale).SelectMany(ofSale => ofSale))
        {
            var ofSale = 1 + hint.Order.Sale.ToString().Length + sizeof(ushort);
            var more = OrderSize + (some is [.., var last] && last.Order.Sale == hint.Order.Sale ? 0 : ofSale);
            if (some.Count > 0 && bytes + more > most)
            {
                yield return Pack(some);
                some.Clear();
            }

            bytes = some.Count == 0 ? 1 + _node.Length + ofSale + OrderSize : bytes + more;
            some.Add(hint);
        }

        if (some.Count > 0)
        {
            yield return Pack(some);
        }
    }

    /// <summary>Packs hints into one message.</summary>
    public byte[] Pack(IReadOnlyList<OrderHint> hints)
    {
        var message = new MemoryStream();
        Write(message, _node);
        Span<byte> order = stackalloc byte[OrderSize];
        foreach (var ofSale in hints.GroupBy(hint => hint.Order.Sale))
        {
            Write(message, Encoding.ASCII.GetBytes(ofSale.Key.ToString()));
            BinaryPrimitives.WriteUInt16BigEndian(order, (ushort)ofSale.Count());
            message.Write(order[..sizeof(ushort)]);
            foreach (var hint in ofSale)
            {
                BinaryPrimitives.WriteUInt64BigEndian(order, hint.Order.Key.High);
                BinaryPrimitives.WriteUInt64BigEndian(order[8..], hint.Order.Key.Low);
                BinaryPrimitives.WriteUInt32BigEndian(order[16..], hint.Buyer);
                message.Write(order);
            }
        }

        return message.ToArray();
    }

    /// <summary>Reads another node's hints; none where they are this one's, or nothing that a node sends.</summary>
    public IReadOnlyList<OrderHint> Read(byte[] message)
    {
        ReadOnlySpan<byte> rest = message;
        if (!TryTake(ref rest, out var sender) || sender.SequenceEqual(_node))
        {
            return [];
        }

        var hints = new List<OrderHint>(rest.Length / OrderSize);
        while (TryTake(ref rest, out var name) && SaleId.TryParse(Encoding.ASCII.GetString(name), out var sale)
            && rest.Length >= sizeof(ushort))
        {
            var orders = BinaryPrimitives.ReadUInt16BigEndian(rest);
            rest = rest[sizeof(ushort)..];
            for (var i = 0; i < orders && rest.Length >= OrderSize; i++, rest = rest[OrderSize..])
            {
                var key = new OrderKey(
                    BinaryPrimitives.ReadUInt64BigEndian(rest), BinaryPrimitives.ReadUInt64BigEndian(rest[8..]));
                hints.Add(new OrderHint(
                    new OrderId(sale, key), BinaryPrimitives.ReadUInt32BigEndian(rest[16..])));
            }
        }

        return hints;
    }

    private static void Write(MemoryStream message, byte[] name)
    {
        message.WriteByte((byte)name.Length);
        message.Write(name);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (rest.IsEmpty || rest.Length <= rest[0])
        {
            return false;
        }

        name = rest[1..(rest[0] + 1)];
        rest = rest[(rest[0] + 1)..];
        return true;
    }
}
