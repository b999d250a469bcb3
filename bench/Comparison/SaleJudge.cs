using Doorbuster.Comparison.Load;
using Doorbuster.Comparison.Shops;

namespace Doorbuster.Comparison;

/// <summary>What became of a sale.</summary>
/// <param name="Units">Units there were.</param>
/// <param name="Ordered">Units that the store has orders for.</param>
/// <param name="AboveLimit">Orders that are their buyer's second, third and so on.</param>
/// <param name="InVain">Buyers who were told yes and have no order, nor a word that there is none.</param>
/// <param name="ToldOtherwise">Buyers who were told yes, have no order, and can read that their claim was lost.</param>
/// <param name="P50Ms">Half of the orders took no longer, from the click to the order in the store.</param>
/// <param name="P99Ms">99 of 100 orders took no longer.</param>
/// <param name="SellOutSeconds">From the first click until the last unit had its order; null where one has none.
/// </param>
internal sealed record SaleOutcome(
    int Units,
    long Ordered,
    long AboveLimit,
    int InVain,
    int ToldOtherwise,
    double P50Ms,
    double P99Ms,
    double? SellOutSeconds)
{
    /// <summary>Units sold that there were not.</summary>
    public long Oversold => Math.Max(0, Ordered - Units);

    /// <summary>Units that nobody got, with buyers at the door.</summary>
    public long Undersold => Math.Max(0, Units - Ordered);

    /// <summary>Whether exactly what there was is sold, to nobody too much, and nobody was told a tale.</summary>
    public bool IsExact => Oversold == 0 && Undersold == 0 && AboveLimit == 0 && InVain == 0;
}

/// <summary>Holds what buyers were told against what the store has; a pure function of both.</summary>
internal static class SaleJudge
{
    /// <param name="units">Units there were.</param>
    /// <param name="clicks">What buyers were told, of all who came.</param>
    /// <param name="orders">What the store has in the end, orders that do not stand among it.</param>
    public static SaleOutcome Decide(int units, IReadOnlyList<Click> clicks, IReadOnlyList<StoredOrder> orders)
    {
        var standing = orders.Where(order => order.Quantity > 0).ToLookup(order => order.Buyer);
        var known = orders.Select(order => order.Buyer).ToHashSet();
        var yes = clicks.Where(click => click.IsYes).GroupBy(click => click.Buyer).ToList();
        var without = yes.Where(buyer => !standing.Contains(buyer.Key)).Select(buyer => buyer.Key).ToList();
        var ordered = orders.Sum(order => (long)order.Quantity);
        var confirmed = yes.Where(buyer => standing.Contains(buyer.Key))
            .Select(buyer => Confirm(buyer, standing[buyer.Key].First()))
            .ToList();
        var waits = confirmed.Select(one => (one.At - one.DueAt).TotalMilliseconds).Order().ToList();
        return new SaleOutcome(
            units,
            ordered,
            standing.Sum(buyer => buyer.Sum(order => (long)order.Quantity) - 1),
            without.Count(buyer => !known.Contains(buyer)),
            without.Count(known.Contains),
            At(waits, 0.50),
            At(waits, 0.99),
            ordered < units || confirmed.Count == 0
                ? null
                : (confirmed.Max(one => one.At) - clicks.Min(click => click.DueAt)).TotalSeconds);
    }

    /// <summary>
    /// When a buyer's order was certain: when an answer said so, or, where all that was said is that it will come, when
    /// it was committed.
    /// </summary>
    private static (DateTimeOffset DueAt, DateTimeOffset At) Confirm(IEnumerable<Click> yes, StoredOrder order)
    {
        var first = yes.MinBy(click => click.AnsweredAt);
        return (first.DueAt, first.IsOrder ? first.AnsweredAt : order.CommittedAt ?? first.AnsweredAt);
    }

    // Nearest rank; 0 where there is none.
    private static double At(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Max((int)Math.Ceiling(share * sorted.Count), 1) - 1];
}
