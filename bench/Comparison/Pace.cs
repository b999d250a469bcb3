namespace Doorbuster.Comparison;

/// <summary>What a contender did in one flood of claims, or in the middle one of several.</summary>
/// <param name="Claims">Claims told yes a second.</param>
/// <param name="Orders">Orders committed a second.</param>
internal readonly record struct Pace(double Claims, double Orders)
{
    /// <summary>
    /// The median of several floods, of claims and of orders each: a shared machine that is slow for a few seconds
    /// does not move it.
    /// </summary>
    /// <param name="floods">The floods; an odd number of them.</param>
    public static Pace MedianOf(IReadOnlyList<Pace> floods) =>
        new(Middle(floods.Select(flood => flood.Claims)), Middle(floods.Select(flood => flood.Orders)));

    private static double Middle(IEnumerable<double> figures)
    {
        var ordered = figures.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
