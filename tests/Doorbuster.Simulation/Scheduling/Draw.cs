namespace Doorbuster.Simulation.Scheduling;

/// <summary>
/// Numbers drawn from a seed, the same on every machine and for every version of the runtime (splitmix64, G. L. Steele
/// et al., "Fast splittable pseudorandom number generators", 2014). Each part of a world draws from a stream of its
/// own, so that leaving one part out does not change what the others draw.
/// </summary>
internal sealed class Draw(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>A stream of its own for a part of the world of this seed.</summary>
    public static Draw Of(ulong seed, ulong part) => new(Mix(Mix(seed + Golden) ^ (part * Golden)));

    /// <summary>From 0 to one less than this.</summary>
    public int Next(int below) => (int)Math.BigMul(NextBits(), (ulong)below, out _);

    /// <summary>From the first to one less than the second.</summary>
    public int Next(int from, int below) => from + Next(below - from);

    /// <summary>True so many times of a hundred.</summary>
    public bool Percent(int chance) => Next(100) < chance;

    /// <summary>One of several.</summary>
    public T Of<T>(params ReadOnlySpan<T> values) => values[Next(values.Length)];

    private ulong NextBits() => Mix(_state += Golden);

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
