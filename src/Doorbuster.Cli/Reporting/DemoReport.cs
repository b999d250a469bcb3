using System.Text.Json.Serialization;
using Doorbuster.Cli.Api;
using Doorbuster.Cli.Load;

namespace Doorbuster.Cli.Reporting;

/// <summary>What <c>demo --json</c> prints: what the audit found, and what the crowd met.</summary>
/// <param name="Quantity">Units on sale.</param>
/// <param name="Buyers">How many buyers came, each to claim one unit.</param>
/// <param name="Reserved">Units in orders that wait for payment, by the audit.</param>
/// <param name="Paid">Orders that the crowd paid, by the feed of the sale.</param>
/// <param name="Sold">Units in paid orders, by the audit.</param>
/// <param name="Refused">Refusals by problem type, as the buyers saw them.</param>
/// <param name="Oversold">Units held beyond the quantity: 0 by the law.</param>
/// <param name="Undersold">Units left although more buyers came than units were there: 0 by the law.</param>
/// <param name="LawHolds">What the audit says.</param>
/// <param name="ClaimsPerSecond">Claims answered a second.</param>
/// <param name="OrdersPerSecond">Orders a second, until the last of them.</param>
/// <param name="LatencyMs">From a claim's due time to its final answer; see <see cref="Arrivals"/>.</param>
/// <param name="SecondsToSellOut">From the first claim due until the sale was sold out; null if it was not.</param>
internal sealed record DemoReport(
    int Quantity,
    int Buyers,
    int Reserved,
    int Paid,
    int Sold,
    IReadOnlyDictionary<string, int> Refused,
    int Oversold,
    int Undersold,
    bool LawHolds,
    double ClaimsPerSecond,
    double OrdersPerSecond,
    LatencyFigures LatencyMs,
    double? SecondsToSellOut)
{
    /// <summary>The number of orders that buyers were told they hold; it is held against the audit's.</summary>
    [JsonIgnore]
    public int Receipts { get; private init; }

    /// <summary>
    /// Whether the orders that buyers were told of are those that stand in the store. A claim that never got an answer
    /// may or may not have become one.
    /// </summary>
    [JsonIgnore]
    public bool ReceiptsAgree { get; private init; }

    /// <summary>Reservations that were never paid; their units were sold again.</summary>
    [JsonIgnore]
    public int Expired { get; private init; }

    /// <summary>Whether the law held, and every unit was sold and paid.</summary>
    [JsonIgnore]
    public bool IsSuccess =>
        LawHolds && ReceiptsAgree && Oversold == 0 && Undersold == 0 && Sold == Quantity && Paid == Sold;

    /// <summary>The report of a demo, whose buyers want one unit each.</summary>
    public static DemoReport From(LoadPlan plan, LoadOutcome outcome, Purchases purchases, AuditView audit)
    {
        var figures = outcome.Figures;
        var held = audit.Reserved + audit.Sold;
        var receipts = purchases.Told;
        return new DemoReport(
            audit.Quantity,
            plan.Buyers,
            audit.Reserved,
            purchases.Feed.Paid,
            audit.Sold,
            figures.Refused,
            Math.Max(0, held - audit.Quantity),
            Math.Max(0, audit.Quantity - held),
            audit.LawHolds,
            Rounded.Rate(figures.ClaimsPerSecond),
            Rounded.Rate(figures.OrdersPerSecond),
            Rounded.Latency(figures.LatencyMs),
            Rounded.Seconds(outcome.SecondsToSellOut))
        {
            Receipts = receipts,
            ReceiptsAgree = purchases.Feed.Orders >= receipts
                && purchases.Feed.Orders <= receipts + figures.Unanswered + purchases.Unanswered,
            Expired = purchases.Feed.Expired,
        };
    }
}
