namespace Doorbuster.Telemetry;

/// <summary>
/// Judges the law by what stores and gates say over and over. The two are not read at one moment, so that a difference
/// counts only if it stands: neither side has moved for longer than any commit takes (F13).
/// </summary>
/// <remarks>One loop uses it. Tests: <c>MeasuredSaleTests</c>, <c>FigureTakerTests</c>.</remarks>
/// <param name="clock">The time.</param>
/// <param name="longestCommit">No commit is in flight for longer than this.</param>
internal sealed class LawWatch(TimeProvider clock, TimeSpan longestCommit)
{
    private Dictionary<SaleId, Difference> _differences = [];

    /// <summary>Judges each of these sales; what was known of any other is forgotten.</summary>
    /// <param name="found">
    /// Each sale with the store's row, and what the gate says; null where it says nothing, or what it promised is known
    /// to be on its way.
    /// </param>
    /// <returns>Whether the law holds, for each in turn.</returns>
    public IReadOnlyList<bool> Judge(IReadOnlyList<(SaleId Sale, Stock Stock, StockView? Gate)> found)
    {
        var differences = new Dictionary<SaleId, Difference>();
        foreach (var (sale, stock, gate) in found)
        {
            if (gate is not null && gate.Available != stock.Available)
            {
                var known = _differences.GetValueOrDefault(sale);
                differences[sale] = known is not null && known.Stock == stock && known.Gate == gate
                    ? known
                    : new Difference(stock, gate, clock.GetTimestamp());
            }
        }

        _differences = differences;
        return [.. found.Select(one => one.Stock.LawHolds && !Stands(one.Sale))];
    }

    private bool Stands(SaleId sale) =>
        _differences.TryGetValue(sale, out var difference)
        && clock.GetElapsedTime(difference.Since) > longestCommit;

    /// <summary>Gate and store said different things, and since when.</summary>
    private sealed record Difference(Stock Stock, StockView Gate, long Since);
}
