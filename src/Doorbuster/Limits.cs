using System.ComponentModel.DataAnnotations;

namespace Doorbuster;

/// <summary>
/// How far everything that grows may grow. Each has a range; one out of range stops the start with its name, its value
/// and its range.
/// </summary>
public sealed record Limits
{
    /// <summary>Sales a node holds, closed ones included.</summary>
    [Range(1, 100_000)]
    public int MaxSales { get; init; } = 10_000;

    /// <summary>Claims that may wait in one lane; one more is answered <c>busy</c> at once.</summary>
    [Range(16, 1_048_576)]
    public int LaneCapacity { get; init; } = 16_384;

    /// <summary>Claims a lane gives to the gate at once; not more than <see cref="LaneCapacity"/>.</summary>
    [Range(1, 4_096)]
    public int BatchSize { get; init; } = 512;

    /// <summary>
    /// Orders kept of one buyer in one sale, ended ones included; a further claim meets the buyer's limit.
    /// </summary>
    [Range(1, 1_024)]
    public int OrdersPerBuyer { get; init; } = 64;

    /// <summary>
    /// Orders of one sale that the gate in memory keeps, ended ones included, some 160 bytes each: with so many, it
    /// admits no claim until a start with more, answers <c>busy</c>, and says so in the log. A batch that began below
    /// is admitted whole. A gate in Redis is bounded by Redis's own <c>maxmemory</c>, with the same answer.
    /// </summary>
    [Range(1_000, 60_000_000)]
    public int OrdersPerSale { get; init; } = 20_000_000;

    /// <summary>
    /// Orders of all sales together that the gate in memory keeps, closed sales and ended orders included: with so
    /// many, it admits no claim of any sale until a start with more, answers <c>busy</c>, and says so in the log. What
    /// is being committed then is still admitted. A start never fails by it.
    /// </summary>
    [Range(1_000, 1_000_000_000)]
    public int OrdersOfAllSales { get; init; } = 50_000_000;

    /// <summary>
    /// Claims answered <c>queued</c> that a node remembers until it hears of their orders, some 200 bytes each: should
    /// Redis lose them, their buyers are told unasked. The oldest beyond are told when they ask.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int QueuedClaims { get; init; } = 100_000;

    /// <summary>
    /// Orders whose word waits to be sent to the other nodes, or to be read after theirs has come. Word of more is
    /// lost, and whoever waits for them learns of it from the store, within a second.
    /// </summary>
    [Range(256, 1_048_576)]
    public int OrderHints { get; init; } = 16_384;

    /// <summary>
    /// Cancellations, payments and payment events that may wait to be written; one more is told to come again.
    /// </summary>
    [Range(16, 1_048_576)]
    public int OrderQueueCapacity { get; init; } = 16_384;

    /// <summary>
    /// Orders and payments changed in one transaction at most; not more than <see cref="OrderQueueCapacity"/>. Claims
    /// wait while it is written.
    /// </summary>
    [Range(1, 4_096)]
    public int OrderBatchSize { get; init; } = 64;

    /// <summary>Connections that watch sales, in all; one more is told to come again.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatchers { get; init; } = 15_000;

    /// <summary>Connections that watch one sale; not more than <see cref="MaxWatchers"/>.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatchersPerSale { get; init; } = 15_000;

    /// <summary>Connections by which one buyer watches, in all sales together.</summary>
    [Range(1, 256)]
    public int WatchersPerBuyer { get; init; } = 16;

    /// <summary>
    /// Messages a second about how many units are left, to all watchers together; with more watchers than a quarter of
    /// this, each is told of it less often than four times a second. That a sale opens, closes, is changed or has
    /// nothing left is told without regard to it.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int WatcherMessagesPerSecond { get; init; } = 10_000;

    /// <summary>
    /// Sales whose units are shown as metrics, each a series: those that opened last, then those that open next. Closed
    /// ones are not shown.
    /// </summary>
    [Range(1, 1_000)]
    public int MeasuredSales { get; init; } = 100;

    /// <summary>
    /// Payments that a buyer may open for one order; after so many have failed, the order can be paid no more. Money
    /// that a provider reports is recorded always, however often and under whatever name.
    /// </summary>
    [Range(1, 1_024)]
    public int PaymentsPerOrder { get; init; } = 32;

    /// <summary>
    /// Revisions of one sale: with so many, units are no longer added and terms no longer changed. Pausing, resuming
    /// and closing always go.
    /// </summary>
    [Range(2, 1_000_000)]
    public int RevisionsPerSale { get; init; } = 10_000;

    /// <summary>
    /// Audits and repairs that run at once, each of which holds every order of its sale in memory; one more is told to
    /// come again.
    /// </summary>
    [Range(1, 64)]
    public int AuditsAtOnce { get; init; } = 2;

    /// <summary>Messages that wait for one watcher; with one more it is dropped.</summary>
    [Range(4, 1_024)]
    public int WatcherQueue { get; init; } = 32;

    /// <summary>Connections by which operators watch the figures of <c>GET /v1/live</c>.</summary>
    [Range(1, 1_000)]
    public int BoardWatchers { get; init; } = 50;

    /// <summary>
    /// Sales whose figures operators are shown: those that opened last, then those that open next, then those that are
    /// over. Any other is shown to who asks for it by its id.
    /// </summary>
    [Range(1, 100)]
    public int BoardSales { get; init; } = 20;
}
