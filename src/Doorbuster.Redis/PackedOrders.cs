using System.Buffers.Binary;

namespace Doorbuster.Redis;

/// <summary>
/// A buyer's orders as the value of the buyers' hash has them: 16 bytes of key, 4 of units held, 4 of turn, big-endian,
/// one order after another in the order in which they were made.
/// </summary>
internal static class PackedOrders
{
    private const int Size = 24;

    public static byte[] Pack(List<HeldOrder> orders)
    {
        var packed = new byte[orders.Count * Size];
        for (var i = 0; i < orders.Count; i++)
        {
            var order = packed.AsSpan(i * Size, Size);
            BinaryPrimitives.WriteUInt64BigEndian(order, orders[i].Key.High);
            BinaryPrimitives.WriteUInt64BigEndian(order[8..], orders[i].Key.Low);
            BinaryPrimitives.WriteInt32BigEndian(order[16..], orders[i].Quantity);
            BinaryPrimitives.WriteInt32BigEndian(order[20..], orders[i].Turn);
        }

        return packed;
    }

    public static IReadOnlyList<HeldOrder> Read(byte[] packed)
    {
        var orders = new HeldOrder[packed.Length / Size];
        for (var i = 0; i < orders.Length; i++)
        {
            var order = packed.AsSpan(i * Size, Size);
            var key = new OrderKey(
                BinaryPrimitives.ReadUInt64BigEndian(order), BinaryPrimitives.ReadUInt64BigEndian(order[8..]));
            orders[i] = new HeldOrder(
                key,
                BinaryPrimitives.ReadInt32BigEndian(order[16..]),
                BinaryPrimitives.ReadInt32BigEndian(order[20..]));
        }

        return orders;
    }
}
