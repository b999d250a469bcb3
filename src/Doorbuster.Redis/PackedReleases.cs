using System.Buffers.Binary;
using Doorbuster.Orders;

namespace Doorbuster.Redis;

/// <summary>
/// Releases as <c>release.lua</c> reads them: 16 bytes of key, 4 of turn, big-endian, and the buyer with a byte of
/// length before it.
/// </summary>
internal static class PackedReleases
{
    private const int Fixed = 16 + 4 + 1;

    public static byte[] Pack(Release[] releases)
    {
        var packed = new byte[releases.Sum(release => Fixed + release.Buyer.Utf8.Length)];
        var rest = packed.AsSpan();
        foreach (var release in releases)
        {
            var buyer = release.Buyer.Utf8;
            BinaryPrimitives.WriteUInt64BigEndian(rest, release.Order.Key.High);
            BinaryPrimitives.WriteUInt64BigEndian(rest[8..], release.Order.Key.Low);
            BinaryPrimitives.WriteInt32BigEndian(rest[16..], release.Turn);
            rest[20] = (byte)buyer.Length;
            buyer.CopyTo(rest[Fixed..]);
            rest = rest[(Fixed + buyer.Length)..];
        }

        return packed;
    }
}
