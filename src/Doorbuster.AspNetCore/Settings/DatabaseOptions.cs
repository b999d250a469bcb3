using System.ComponentModel.DataAnnotations;
using Doorbuster.Claims;
using Doorbuster.Sql.Postgres;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>How the order store is used where it is the gate.</summary>
public sealed record DatabaseOptions
{
    /// <summary>
    /// How transactions that want units of the same sale keep out of each other's way: <c>conditional</c> locks the
    /// sale's row and takes from it what is there; <c>optimistic</c> reads without a lock, takes only if the row's
    /// version is still the one that was read, and otherwise begins again.
    /// </summary>
    public GateConcurrency Concurrency { get; init; } = GateConcurrency.Conditional;

    /// <summary>Lanes of claims, among which sales are spread.</summary>
    [Range(1, 62)]
    public int Lanes { get; init; } = 2;

    /// <summary>
    /// Batches of one lane that are in a transaction at once: while one is written, the next waits for its locks. With
    /// <c>optimistic</c> two of one node would be in each other's way, and one is enough.
    /// </summary>
    [Range(1, 16)]
    public int BatchesInFlight { get; init; } = 1;

    /// <summary>
    /// With <c>optimistic</c>, how often a batch is tried that other nodes are in the way of; after that its claims are
    /// answered <c>busy</c>.
    /// </summary>
    [Range(1, 100)]
    public int Tries { get; init; } = 16;

    /// <summary>The longest wait after the first try; it doubles with each, and any time up to it is waited.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01")]
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The longest wait of all.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What the gate is given of it.</summary>
    internal GatePatience Patience => new(Tries, FirstWait, LongestWait);
}
