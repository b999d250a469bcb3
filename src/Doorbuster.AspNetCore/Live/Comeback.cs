using System.Buffers.Binary;
using System.Globalization;

namespace Doorbuster.AspNetCore.Live;

/// <summary>
/// Tells each watcher another time to come back: a node that goes takes thousands of connections with it, and the next
/// must not meet them all at once (F15).
/// </summary>
internal sealed class Comeback(RandomSource random)
{
    /// <summary>The soonest.</summary>
    public static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);

    /// <summary>The latest; 15,000 watchers are then 3,000 connections a second.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromSeconds(6);

    /// <summary>Draws a time.</summary>
    public TimeSpan Draw()
    {
        var share = BinaryPrimitives.ReadUInt32LittleEndian(random.Bytes(sizeof(uint))) / (double)uint.MaxValue;
        return Soonest + (share * (Latest - Soonest));
    }

    /// <summary>Draws a time for Retry-After, in whole seconds.</summary>
    public string DrawSeconds() => Math.Ceiling(Draw().TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
