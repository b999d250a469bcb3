using System.Buffers.Binary;
using System.Numerics;
using Doorbuster.AspNetCore.Settings;

namespace Doorbuster.AspNetCore.Endpoints;

/// <summary>
/// Counts what each buyer does in the running minute, in a table of fixed size. It may let too much through, and never
/// refuses one buyer for what another did.
/// </summary>
/// <remarks>
/// A place is one 64-bit word, changed by compare-and-set alone: 34 bits of the buyer's hash, 20 bits of the minute, 10
/// bits of count. The hash is keyed and its other bits choose the place, so two buyers are taken for one with a chance
/// below 2^-44. A place that another buyer has in this minute is left to that buyer, and the later is not counted.
/// </remarks>
internal sealed class BuyerPace
{
    private const int CountBits = 10;
    private const int MinuteBits = 20;
    private const ulong CountMask = (1UL << CountBits) - 1;
    private const ulong MinuteMask = (1UL << MinuteBits) - 1;

    private readonly ulong[] _places;
    private readonly ulong _most;
    private readonly KeyedHash _hash;
    private readonly TimeProvider _clock;

    public BuyerPace(PurchaseTokenOptions options, TimeProvider clock, RandomSource random)
    {
        _places = new ulong[BitOperations.RoundUpToPowerOf2((uint)options.CountedBuyers)];
        _most = (ulong)options.PerBuyerPerMinute;
        _hash = new KeyedHash(random.Bytes(KeyedHash.Size));
        _clock = clock;
    }

    /// <summary>Counts one more, unless the buyer has had them all.</summary>
    /// <param name="buyer">Who asks.</param>
    /// <param name="wait">How long until the buyer may ask again, where this says no.</param>
    public bool Allows(BuyerId buyer, out TimeSpan wait)
    {
        var now = _clock.GetUtcNow();
        var minute = now.ToUnixTimeSeconds() / 60;
        wait = DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60) - now;
        Span<byte> hash = stackalloc byte[KeyedHash.Size];
        _hash.Compute(buyer.Utf8, hash);

        // Buyer and minute, with a count of zero.
        var owner = (BinaryPrimitives.ReadUInt64BigEndian(hash) & ~(MinuteMask << CountBits | CountMask))
            | (((ulong)minute & MinuteMask) << CountBits);
        ref var place = ref _places[BinaryPrimitives.ReadUInt32BigEndian(hash[8..]) & (uint)(_places.Length - 1)];
        return Count(ref place, owner);
    }

    private bool Count(ref ulong place, ulong owner)
    {
        while (true)
        {
            var seen = Volatile.Read(ref place);
            var isOurs = (seen & ~CountMask) == owner;
            if (!isOurs && (seen >> CountBits & MinuteMask) == (owner >> CountBits & MinuteMask))
            {
                return true;
            }

            var count = isOurs ? seen & CountMask : 0;
            if (count >= _most)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref place, owner | (count + 1), seen) == seen)
            {
                return true;
            }
        }
    }
}
