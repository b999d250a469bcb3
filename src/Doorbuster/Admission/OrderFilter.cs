using System.Numerics;

namespace Doorbuster.Admission;

/// <summary>
/// A Bloom filter of a sale's order ids: it may take a stranger for an order, one time in hundreds, and never an order
/// for a stranger. It grows by layers, each four times the one before (P. S. Almeida et al., "Scalable Bloom Filters",
/// 2007), so that a sale costs two to ten bytes an order that it has, not an order that it might have.
/// </summary>
/// <remarks>
/// One thread adds, any number ask. A bit once seen stays; <see cref="SoldOutMark"/> orders adding before use.
/// </remarks>
public sealed class OrderFilter
{
    private const int FirstCapacity = 1_024;
    private const int Growth = 4;
    private const int MostCapacity = 1 << 26;

    private volatile Layer[] _layers = [new(FirstCapacity)];

    /// <summary>Adds an order.</summary>
    /// <param name="high">The first 64 bits of its key, <see cref="OrderKey.High"/>.</param>
    public void Add(ulong high)
    {
        if (MayContain(high))
        {
            // Its bits are there already, its own or others'; adding it again and again must not grow the filter.
            return;
        }

        var layers = _layers;
        var newest = layers[^1];
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

    /// <summary>A fixed filter. Ids are keyed hashes already, so their own bits say where to look.</summary>
    private sealed class Layer(int capacity)
    {
        private const int BitsPerOrder = 16;
        private const int Probes = 4;

        private readonly ulong[] _words = new ulong[capacity * BitsPerOrder / 64];
        private readonly uint _mask = MaskOf(capacity);
        private int _count;

        public int Capacity => capacity;

        public bool IsFull => _count == capacity;

        public void Add(ulong high)
        {
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = Bit(high, probe);
                ref var word = ref _words[bit / 64];
                Volatile.Write(ref word, word | (1UL << (int)(bit % 64)));
            }

            _count++;
        }

        public bool MayContain(ulong high)
        {
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = Bit(high, probe);
                if ((Volatile.Read(ref _words[bit / 64]) & (1UL << (int)(bit % 64))) == 0)
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Two halves make any number of probes (A. Kirsch and M. Mitzenmacher, "Less Hashing, Same Performance",
        /// 2006).
        /// </summary>
        private uint Bit(ulong high, int probe) =>
            ((uint)high + (uint)probe * ((uint)(high >> 32) | 1)) & _mask;

        /// <summary>Capacities are powers of two, so one mask takes a probe's bits.</summary>
        private static uint MaskOf(int capacity) => BitOperations.RoundUpToPowerOf2((uint)capacity * BitsPerOrder) - 1;
    }
}
