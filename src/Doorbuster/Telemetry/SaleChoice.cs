namespace Doorbuster.Telemetry;

/// <summary>Which sales matter now, where only so many can be looked at.</summary>
internal static class SaleChoice
{
    /// <summary>
    /// Those that are not over: first those that opened last, and after them those that open next.
    /// </summary>
    /// <param name="catalog">Every sale.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<Listing> Current(Catalog catalog, DateTimeOffset now) => Current(All(catalog), now);

    private static IEnumerable<Listing> Current(IReadOnlyList<Listing> listings, DateTimeOffset now) =>
        listings
            .Where(listing => listing.Sale.StateAt(now) != SaleState.Closed)
            .OrderBy(listing => listing.Sale.OpensAt > now)
            .ThenBy(listing => (listing.Sale.OpensAt - now).Duration());

    /// <summary>The same, and then those that are over, the one that opened last before the others.</summary>
    /// <param name="catalog">Every sale.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<Listing> Recent(Catalog catalog, DateTimeOffset now) => Recent(All(catalog), now);

    /// <summary>Some sales in that order.</summary>
    /// <param name="listings">The sales.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<Listing> Recent(IReadOnlyList<Listing> listings, DateTimeOffset now) =>
        Current(listings, now).Concat(
            listings
                .Where(listing => listing.Sale.StateAt(now) == SaleState.Closed)
                .OrderByDescending(listing => listing.Sale.OpensAt));

    /// <summary>Every sale, in the order of ids.</summary>
    /// <param name="catalog">Where they are.</param>
    public static IReadOnlyList<Listing> All(Catalog catalog) => catalog.Page(after: null, int.MaxValue);
}
