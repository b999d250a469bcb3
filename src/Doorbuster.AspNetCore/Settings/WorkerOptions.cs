using System.ComponentModel.DataAnnotations;
using Doorbuster.Dispatch;
using Doorbuster.Reconciliation;
using Doorbuster.Sql.Postgres;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>How workers make orders of what the gate has admitted.</summary>
public sealed record WorkerOptions
{
    /// <summary>Workers of one node, each with a transaction of its own; one keeps up with a single sale.</summary>
    [Range(1, 32)]
    public int Count { get; init; } = 1;

    /// <summary>Claims that are committed in one transaction; a single batch of the gate may have more.</summary>
    [Range(1, 16_384)]
    public int ClaimsAtOnce { get; init; } = 2_048;

    /// <summary>Batches of the gate that are read of one sale at once.</summary>
    [Range(1, 1_024)]
    public int EntriesAtOnce { get; init; } = 16;

    /// <summary>
    /// How long a batch stays with a worker before another takes it over: more than the longest commit, which
    /// <see cref="PostgresOptions.CommandTimeout"/> bounds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan TakeOverAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two looks at sales that had claims just now.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan BusyPause { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The time between two looks at quiet sales, at <see cref="SalesAtOnce"/> of them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan IdlePause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long an admitted claim that cannot be written, a dead letter, waits for an operator to replay it; then it is
    /// rejected as <c>failed</c>, and its units are the sale's again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan DeadLetterPatience { get; init; } = DeadLetterDesk.UsualPatience;

    /// <summary>
    /// How long a sale is closed before its gate is removed and the order store alone answers for it, which bears no
    /// crowd: nothing of it may be on its way, or be a dead letter, by then.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan ClosedGatePatience { get; init; } = SaleEnder.UsualPatience;

    /// <summary>
    /// Quiet sales that a worker looks at together, in turn: with more of them than so many looks take in a second, the
    /// first claim of one waits for longer.
    /// </summary>
    [Range(1, 100_000)]
    public int SalesAtOnce { get; init; } = 1_024;

    /// <summary>How they read the log.</summary>
    internal LogReaderOptions Reading => new()
    {
        EntriesAtOnce = EntriesAtOnce,
        TakeOverAfter = TakeOverAfter,
        BusyPause = BusyPause,
        IdlePause = IdlePause,
        SalesAtOnce = SalesAtOnce,
    };
}
