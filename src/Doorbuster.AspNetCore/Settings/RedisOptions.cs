using System.ComponentModel.DataAnnotations;
using Doorbuster.Redis;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>How the gate in Redis is used.</summary>
public sealed record RedisOptions
{
    /// <summary>Where Redis is, as StackExchange.Redis reads it.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>
    /// How long a call to Redis may take, its repetitions included; after that it is unknown what became of it, and it
    /// may still be done.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How old the oldest admitted claim without an order may be while the gate still admits: with workers or order
    /// store away for longer, claims are answered <c>busy</c>. More than <see cref="WorkerOptions.TakeOverAfter"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "24:00:00")]
    public TimeSpan MaxQueueAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Lanes of claims, among which sales are spread.</summary>
    [Range(1, 64)]
    public int Lanes { get; init; } = 2;

    /// <summary>Batches of one lane that are at the gate at once.</summary>
    [Range(1, 64)]
    public int BatchesInFlight { get; init; } = 4;

    /// <summary>What the gate is given of it.</summary>
    internal RedisGateOptions ForGate(Limits limits) => new()
    {
        CallTimeout = CallTimeout,
        MaxQueueAge = MaxQueueAge,
        OrdersPerBuyer = limits.OrdersPerBuyer,
    };
}
