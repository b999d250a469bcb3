using System.Diagnostics;

namespace Doorbuster.Cli.Load;

/// <summary>What a crowd's claims came to.</summary>
/// <param name="Orders">Claims that became an order that holds its units (201, or 200 for a claim sent again).</param>
/// <param name="Queued">Claims that were admitted, their order not committed when they were answered (202).</param>
/// <param name="Refused">Refusals by problem type.</param>
/// <param name="Unanswered">Claims given up without an answer; their outcome is unknown.</param>
/// <param name="Retries">Claims sent again, under their key.</param>
/// <param name="TransportErrors">Sendings that got no answer.</param>
/// <param name="ClaimsPerSecond">Claims, over the time from the first one due to the last one done.</param>
/// <param name="OrdersPerSecond">Orders, over the time from the first claim due to the last order answered.</param>
/// <param name="LatencyMs">From each claim's due time to its final answer, or to its being given up.</param>
/// <param name="SecondsToFirstSoldOut">From the first claim due to the first <c>sold-out</c>; nothing without one.
/// </param>
/// <param name="SecondsToLastOrder">From the first claim due to the last order answered; nothing without one.</param>
internal sealed record CrowdFigures(
    int Orders,
    int Queued,
    IReadOnlyDictionary<string, int> Refused,
    int Unanswered,
    int Retries,
    int TransportErrors,
    double ClaimsPerSecond,
    double OrdersPerSecond,
    LatencyFigures LatencyMs,
    double? SecondsToFirstSoldOut,
    double? SecondsToLastOrder)
{
    /// <summary>Adds up what the connections counted.</summary>
    public static CrowdFigures From(
        IReadOnlyCollection<Tally> tallies, LatencyFigures latencies, int claims, long startAt)
    {
        var orders = tallies.Sum(tally => tally.Orders);
        var lastOrder = SecondsSince(startAt, tallies.Max(tally => tally.LastOrderAt));
        return new CrowdFigures(
            orders,
            tallies.Sum(tally => tally.Queued),
            AddUp(tallies),
            tallies.Sum(tally => tally.Unanswered),
            tallies.Sum(tally => tally.Retries),
            tallies.Sum(tally => tally.TransportErrors),
            PerSecond(claims, SecondsSince(startAt, tallies.Max(tally => tally.LastDoneAt))),
            PerSecond(orders, lastOrder),
            latencies,
            SecondsSince(startAt, FirstSoldOut(tallies)),
            lastOrder);
    }

    private static long? FirstSoldOut(IEnumerable<Tally> tallies) =>
        tallies.Where(tally => tally.FirstSoldOutAt > 0).Min(tally => (long?)tally.FirstSoldOutAt);

    private static SortedDictionary<string, int> AddUp(IEnumerable<Tally> tallies)
    {
        var sum = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, count) in tallies.SelectMany(tally => tally.Refusals))
        {
            sum[name] = sum.GetValueOrDefault(name) + count;
        }

        return sum;
    }

    private static double? SecondsSince(long startAt, long? timestamp) => timestamp is null or 0
        ? null
        : Math.Max(Stopwatch.GetElapsedTime(startAt, timestamp.Value).TotalSeconds, 0.000_001);

    private static double PerSecond(int count, double? seconds) => seconds is { } some ? count / some : 0;
}
