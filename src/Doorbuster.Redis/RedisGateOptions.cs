using System.ComponentModel.DataAnnotations;

namespace Doorbuster.Redis;

/// <summary>How the gate in Redis works. Each value has a range.</summary>
public sealed record RedisGateOptions
{
    /// <summary>
    /// How long a call to Redis may take, its repetitions included. After that it is unknown what became of it: it may
    /// still run. The default is 2 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How old the oldest entry of a sale's log may be while the gate still admits: with the order store down for
    /// longer, claims are answered busy. The default is 30 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "24:00:00")]
    public TimeSpan MaxQueueAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Orders kept of a buyer in a sale, ended ones included: <see cref="Limits.OrdersPerBuyer"/>.</summary>
    [Range(1, 1_024)]
    public int OrdersPerBuyer { get; init; } = 64;
}
