using System.Buffers.Binary;
using System.Numerics;

namespace Doorbuster;

/// <summary>
/// SipHash-2-4, a message authentication code for short messages (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast
/// short-input PRF", 2012). It costs 60 ns where HMAC-SHA256 through the platform's library costs 940 (measured for 75
/// bytes), and a claim's id needs a code of 48 bits only.
/// </summary>
/// <remarks>It keeps nothing between calls, so any number of callers use one at once.</remarks>
public readonly struct SipHash
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 16;

    private readonly ulong _low;
    private readonly ulong _high;

    /// <summary>Binds a key.</summary>
    /// <param name="key"><see cref="KeyBytes"/> bytes.</param>
    public SipHash(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        _low = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>The 64 bits of a message of any length.</summary>
    public ulong Compute(ReadOnlySpan<byte> message)
    {
        var state = new State(_low, _high);
        var last = (ulong)message.Length << 56;
        while (message.Length >= sizeof(ulong))
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(message));
            message = message[sizeof(ulong)..];
        }

        for (var i = 0; i < message.Length; i++)
        {
            last |= (ulong)message[i] << (8 * i);
        }

        state.Absorb(last);
        return state.Finish();
    }

    private struct State(ulong low, ulong high)
    {
        private ulong _a = low ^ 0x736f6d6570736575;
        private ulong _b = high ^ 0x646f72616e646f6d;
        private ulong _c = low ^ 0x6c7967656e657261;
        private ulong _d = high ^ 0x7465646279746573;

        public void Absorb(ulong word)
        {
            _d ^= word;
            Round();
            Round();
            _a ^= word;
        }

        public ulong Finish()
        {
            _c ^= 0xff;
            Round();
            Round();
            Round();
            Round();
            return _a ^ _b ^ _c ^ _d;
        }

        private void Round()
        {
            _a += _b;
            _b = BitOperations.RotateLeft(_b, 13) ^ _a;
            _a = BitOperations.RotateLeft(_a, 32);
            _c += _d;
            _d = BitOperations.RotateLeft(_d, 16) ^ _c;
            _a += _d;
            _d = BitOperations.RotateLeft(_d, 21) ^ _a;
            _c += _b;
            _b = BitOperations.RotateLeft(_b, 17) ^ _c;
            _c = BitOperations.RotateLeft(_c, 32);
        }
    }
}
