using System.Numerics;

namespace Doorbuster.Admission;

/// <summary>
/// A Bloom filter of a sale's order ids: it may take a stranger for an order, one time in hundreds, and never an order
/// for a stranger. It grows by layers, each four times the one before (P. S. Almeida et al., "Scalable Bloom Filters",
/// 2007), so that a sale costs two to ten bytes an order that it has, not an order that it might have. All bits of an
/// order are within 64 bytes (F. Putze et al., "Cache-, Hash- and Space-Efficient Bloom Filters", 2007), so that a look
/// costs one visit of far memory and not four.
/// </summary>
/// <remarks>
/// One thread adds, any number ask. A bit once seen stays; <see cref="SoldOutMark"/> orders adding before use.
/// </remarks>
/// <param name="expected">Orders that will be added at once.</param>
public sealed class OrderFilter(int expected = 0)
{
    private const int FirstCapacity = 1_024;
    private const int Growth = 4;
    private const int MostCapacity = 1 << 26;

    private volatile Layer[] _layers = [new(CapacityFor(expected))];

    /// <summary>Adds an order.</summary>
    /// <param name="high">The first 64 bits of its key, <see cref="OrderKey.High"/>.</param>
    public void Add(ulong high)
    {
        // Where its bits are there already, its own or others', adding it again and again must not grow the filter.
        var layers = _layers;
        var newest = layers[^1];
        if ((layers.Length > 1 || newest.IsFull) && MayContain(high))
        {
            return;
        }

        if (newest.IsFull)
        {
            newest = new Layer(Math.Min(newest.Capacity * Growth, MostCapacity));
            _layers = [.. layers, newest];
        }

        newest.Add(high);
    }

    /// <summary>Whether the order may have been added; false is certain.</summary>
    /// <param name="high">The first 64 bits of its key, <see cref="OrderKey.High"/>.</param>
    public bool MayContain(ulong high)
    {
        // The newest layer holds the most.
        var layers = _layers;
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            if (layers[i].MayContain(high))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Half as many again, so that the next order does not need a layer of its own.</summary>
    private static int CapacityFor(int expected) =>
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(expected * 3L / 2, FirstCapacity, MostCapacity));

    /// <summary>A fixed filter. Ids are keyed hashes already, so their own bits say where to look.</summary>
    private sealed class Layer(int capacity)
    {
        private const int BitsPerOrder = 16;
        private const int Probes = 4;
        private const int BitsPerWord = 64;
        private const int WordsPerBlock = 8;
        private const int BitsPerProbe = 9;

        private readonly ulong[] _words = new ulong[capacity * BitsPerOrder / BitsPerWord];
        private readonly uint _lastBlock = (uint)(capacity * BitsPerOrder / BitsPerWord / WordsPerBlock) - 1;
        private int _count;

        public int Capacity => capacity;

        public bool IsFull => _count == capacity;

        public void Add(ulong high)
        {
            var block = Block(high);
            var added = 0UL;
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = Bit(high, probe);
                ref var word = ref block[bit / BitsPerWord];
                var mask = 1UL << (bit % BitsPerWord);
                added |= mask & ~word;
                Volatile.Write(ref word, word | mask);
            }

            _count += added == 0 ? 0 : 1;
        }

        public bool MayContain(ulong high)
        {
            var block = Block(high);
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = Bit(high, probe);
                if ((Volatile.Read(ref block[bit / BitsPerWord]) & (1UL << (bit % BitsPerWord))) == 0)
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// The lower 36 bits choose within a block, those above the block; capacities are powers of two.
        /// </summary>
        private Span<ulong> Block(ulong high) => _words.AsSpan(
            (int)((uint)(high >> (Probes * BitsPerProbe)) & _lastBlock) * WordsPerBlock, WordsPerBlock);

        private static int Bit(ulong high, int probe) =>
            (int)(high >> (probe * BitsPerProbe)) & ((1 << BitsPerProbe) - 1);
    }
}
