namespace Doorbuster.Telemetry;

/// <summary>
/// Looks at the units of every sale that is not over, once a second and only while someone listens: the store's row,
/// and what the gate last said beside it. It adds nothing up, so it costs the same however many orders there are; the
/// audit goes through them one by one.
/// </summary>
/// <remarks>
/// What differs for a moment is no break of the law: see <see cref="LawWatch"/>. Tests: <c>MeasuredSaleTests</c>.
/// </remarks>
/// <param name="store">Has the units.</param>
/// <param name="catalog">Where the sales are, with what their gates said.</param>
/// <param name="limits">How many sales are looked at.</param>
/// <param name="clock">The time.</param>
/// <param name="longestCommit">No commit is in flight for longer than this.</param>
/// <param name="instruments">Show what is found; where nobody listens to them, nothing is read.</param>
/// <param name="hearsGates">
/// Whether this node keeps up with what gates say. One that answers nobody does not: it judges the store's row alone.
/// </param>
public sealed class StockTaker(
    ISaleStore store, Catalog catalog, Limits limits, TimeProvider clock, TimeSpan longestCommit,
    Instruments instruments, bool hearsGates = true)
{
    /// <summary>The time between two looks.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly LawWatch _law = new(clock, longestCommit);
    private volatile IReadOnlyList<StockReading> _readings = [];

    /// <summary>What the last look found; empty where nobody listened, or the store could not be read.</summary>
    internal IReadOnlyList<StockReading> Readings => _readings;

    /// <summary>Looks on and on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await LookAsync(cancellationToken);
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>Looks once, where anyone listens.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!instruments.Stock.IsHeard)
        {
            _readings = [];
            return;
        }

        try
        {
            var listings = SaleChoice.Current(catalog, clock.GetUtcNow()).Take(limits.MeasuredSales).ToList();
            var stocks = await store.StockAsync([.. listings.Select(listing => listing.Sale.Id)], cancellationToken);
            Compare(listings, stocks);
        }
        catch (StoreUnavailableException)
        {
            // Old figures under a new time would deceive; what is not known is not shown.
            _readings = [];
        }
    }

    /// <summary>How many sales are in each state now.</summary>
    internal IEnumerable<(SaleState State, int Sales)> CountByState()
    {
        var now = clock.GetUtcNow();
        var count = new int[Enum.GetValues<SaleState>().Length];
        foreach (var listing in SaleChoice.All(catalog))
        {
            count[(int)listing.Sale.StateAt(now)]++;
        }

        return count.Select((sales, state) => ((SaleState)state, sales));
    }

    private void Compare(List<Listing> listings, IReadOnlyList<(SaleId Sale, Stock Stock)> stocks)
    {
        var views = listings.ToDictionary(
            listing => listing.Sale.Id, listing => hearsGates ? listing.Mark.View : null);
        var holds = _law.Judge([.. stocks.Select(of => (of.Sale, of.Stock, views[of.Sale]))]);
        _readings = [.. stocks.Select((of, i) => new StockReading(of.Sale, of.Stock, holds[i]))];
    }
}
