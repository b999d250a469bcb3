using System.ComponentModel.DataAnnotations;

namespace Doorbuster.Dispatch;

/// <summary>How one reader reads the claim log. Each value has a range.</summary>
public sealed record LogReaderOptions
{
    /// <summary>Entries read of one sale at once; each holds a batch of claims. The default is 16.</summary>
    [Range(1, 1_024)]
    public int EntriesAtOnce { get; init; } = 16;

    /// <summary>
    /// How long an entry stays with a reader before another takes it over: more than the longest commit; with a
    /// transport, how long it may take to come to stand before it is sent again. The default is 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan TakeOverAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two looks at sales that had entries just now. The default is 2 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan BusyPause { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// The time between two looks at quiet sales, at <see cref="SalesAtOnce"/> of them. The default is 50 milliseconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan IdlePause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Quiet sales looked at together, in turn: with more of them than twenty times this, the first entry of one may
    /// wait for longer than a second. The default is 1,024.
    /// </summary>
    [Range(1, 100_000)]
    public int SalesAtOnce { get; init; } = 1_024;
}
