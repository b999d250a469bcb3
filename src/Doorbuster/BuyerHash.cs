using System.Buffers.Binary;

namespace Doorbuster;

/// <summary>
/// A hash of a buyer that is the same in every process; two buyers of one hash only take a longer way somewhere.
/// </summary>
public static class BuyerHash
{
    /// <summary>Hashes a buyer's id.</summary>
    public static ulong Of(ReadOnlySpan<byte> buyer)
    {
        var hash = Mix((ulong)buyer.Length);
        while (buyer.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(buyer));
            buyer = buyer[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var value in buyer)
        {
            rest = (rest << 8) | value;
        }

        return Mix(hash ^ rest);
    }

    /// <summary>Every bit moves those above it, and then those above move the lower half.</summary>
    private static ulong Mix(ulong bits)
    {
        bits *= 0x9E3779B97F4A7C15;
        return bits ^ (bits >> 32);
    }
}
