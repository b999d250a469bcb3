using System.ComponentModel.DataAnnotations;

namespace Doorbuster.Fulfilment;

/// <summary>How a worker drains the claim log. Each value has a range.</summary>
public sealed record FulfilmentOptions
{
    /// <summary>Entries read of one sale at once; each holds a batch of claims. The default is 16.</summary>
    [Range(1, 1_024)]
    public int EntriesAtOnce { get; init; } = 16;

    /// <summary>
    /// Claims committed in one transaction, where no single entry has more. The default is 2,048.
    /// </summary>
    [Range(1, 65_536)]
    public int ClaimsAtOnce { get; init; } = 2_048;

    /// <summary>
    /// How long an entry stays with a worker before another takes it over: more than the longest commit. The default is
    /// 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan TakeOverAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two looks at sales that had entries just now. The default is 2 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan BusyPause { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The time between two looks at all sales. The default is 50 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan IdlePause { get; init; } = TimeSpan.FromMilliseconds(50);
}
