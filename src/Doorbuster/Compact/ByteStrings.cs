using System.Runtime.InteropServices;

namespace Doorbuster.Compact;

/// <summary>
/// Short byte strings, one after another in common chunks: without an object each, which would cost 24 bytes more and a
/// visit of every garbage collection.
/// </summary>
internal sealed class ByteStrings
{
    /// <summary>A length byte, the bytes, and up to three bytes of nothing.</summary>
    private readonly ChunkedList<uint> _words = new();

    /// <summary>Adds a string of at most 255 bytes.</summary>
    /// <returns>What it is found by.</returns>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        var length = checked((byte)bytes.Length);
        var words = (length / sizeof(uint)) + 1;
        var place = _words.AddSpan(words);
        var target = MemoryMarshal.AsBytes(_words.Slice(place, words));
        target[0] = length;
        bytes.CopyTo(target[1..]);
        return place;
    }

    /// <summary>The string's bytes; they stay where they are until the next string is added.</summary>
    public ReadOnlySpan<byte> Get(int place)
    {
        var length = MemoryMarshal.AsBytes(_words.Slice(place, 1))[0];
        return MemoryMarshal.AsBytes(_words.Slice(place, (length / sizeof(uint)) + 1)).Slice(1, length);
    }

    /// <summary>Forgets every string, and keeps the room.</summary>
    public void Clear() => _words.Clear();
}
