using System.Numerics;
using System.Runtime.CompilerServices;

namespace Doorbuster.Compact;

/// <summary>
/// A list for millions of small values: it grows by chunks, so nothing is copied to a block twice the size and no more
/// than one chunk stands empty. The first chunk begins small, because most sales are.
/// </summary>
/// <remarks>A reference into the list is good until the next value is added.</remarks>
internal sealed class ChunkedList<T>
    where T : unmanaged
{
    /// <summary>Below the size from which the runtime keeps an array apart and hardly ever moves it.</summary>
    private const int ChunkBytes = 65_536;

    private const int FirstCapacity = 8;

    private T[][] _chunks = [];
    private int _capacity;

    /// <summary>How many values there are.</summary>
    public int Count { get; private set; }

    private static int Shift => BitOperations.Log2((uint)(ChunkBytes / Unsafe.SizeOf<T>()));

    private static int PerChunk => 1 << Shift;

    /// <summary>The value at a place.</summary>
    public ref T this[int place] => ref _chunks[place >> Shift][place & (PerChunk - 1)];

    /// <summary>Adds a value.</summary>
    public void Add(in T value)
    {
        Reserve(Count + 1);
        this[Count++] = value;
    }

    /// <summary>
    /// Makes room for values that lie side by side, and leaves a gap where they do not fit into the newest chunk. What
    /// they hold is whatever was there.
    /// </summary>
    /// <returns>The place of the first.</returns>
    public int AddSpan(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, PerChunk);
        var left = PerChunk - (Count & (PerChunk - 1));
        var place = checked(length <= left ? Count : Count + left);
        Reserve(checked(place + length));
        Count = place + length;
        return place;
    }

    /// <summary>Values that were added side by side.</summary>
    public Span<T> Slice(int place, int length) =>
        _chunks[place >> Shift].AsSpan(place & (PerChunk - 1), length);

    /// <summary>Takes the newest value away.</summary>
    public void RemoveLast() => Count--;

    /// <summary>Takes every value away, and keeps the room.</summary>
    public void Clear() => Count = 0;

    private void Reserve(int count)
    {
        while (_capacity < count)
        {
            Grow();
        }
    }

    private void Grow()
    {
        if (_capacity < PerChunk)
        {
            _chunks = _chunks.Length == 0 ? [[]] : _chunks;
            _capacity = Math.Clamp(_capacity * 2, FirstCapacity, PerChunk);
            Array.Resize(ref _chunks[0], _capacity);
            return;
        }

        var chunks = _capacity >> Shift;
        if (chunks == _chunks.Length)
        {
            Array.Resize(ref _chunks, chunks * 2);
        }

        _chunks[chunks] = new T[PerChunk];
        _capacity = checked(_capacity + PerChunk);
    }
}
