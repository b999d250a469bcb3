namespace Doorbuster.Notification;

/// <summary>What a sale shows to anyone at a moment.</summary>
/// <param name="Sale">Its terms.</param>
/// <param name="Stock">What its gate last said.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="At">The moment.</param>
public sealed record Showing(Sale Sale, StockView Stock, SaleState State, DateTimeOffset At)
{
    /// <summary>What a sale shows now.</summary>
    /// <param name="listing">The sale.</param>
    /// <param name="now">The time, read before this is called.</param>
    public static Showing Of(Listing listing, DateTimeOffset now)
    {
        var sale = listing.Sale;
        return new Showing(sale, listing.Mark.View, sale.StateAt(now), now);
    }

    /// <summary>Whether anyone would see a difference, the moment aside.</summary>
    public bool DiffersFrom(Showing other) => HasOtherTerms(other) || Stock != other.Stock || State != other.State;

    /// <summary>
    /// Whether this must not wait, after the other was told: other terms, another state, or nothing left. How many are
    /// left can wait, and so can that there are some again.
    /// </summary>
    public bool IsUrgentAfter(Showing told) =>
        HasOtherTerms(told) || State != told.State || (Stock.Available == 0 && told.Stock.Available > 0);

    /// <summary>Whether an operator has changed the sale between the two.</summary>
    public bool HasOtherTerms(Showing other) => Sale.Revision != other.Sale.Revision;

    /// <summary>
    /// Whether this can tell anything to one who has seen the other. Two that were read at nearly the same moment may
    /// each know something newer than the other, so what is not surely old is told.
    /// </summary>
    public bool IsNewsAfter(Showing seen) =>
        Sale.Revision > seen.Sale.Revision
        || seen.Stock.IsOlderThan(Stock)
        || (State != seen.State && At > seen.At);
}
