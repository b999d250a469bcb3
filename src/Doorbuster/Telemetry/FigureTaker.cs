using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;

namespace Doorbuster.Telemetry;

/// <summary>Where figures come from.</summary>
/// <param name="Catalog">The sales.</param>
/// <param name="Sales">Their units.</param>
/// <param name="Orders">Their reservations and payments.</param>
/// <param name="Auditor">Knows the last audits.</param>
/// <param name="LongestCommit">No commit is in flight for longer than this.</param>
public sealed record FigureSources(
    Catalog Catalog, ISaleStore Sales, IOrderStore Orders, Auditor Auditor, TimeSpan LongestCommit)
{
    /// <summary>The gate that nodes share; null where this node has its own.</summary>
    public IRemoteGate? Gate { get; init; }

    /// <summary>What the gate has admitted; null where it is committed at once.</summary>
    public IClaimLog? Log { get; init; }

    /// <summary>Claims that could not be written; null where there are none.</summary>
    public IDeadLetters? Letters { get; init; }

    /// <summary>The sales whose gates were removed; null where none ever is.</summary>
    public EndedSales? Ended { get; init; }
}

/// <summary>
/// Looks at all that an operator's dashboard shows. A look costs four reads of the store, none of which grows with the
/// number of orders or of those who watch, and, where a gate is shared, a script and two commands a sale.
/// </summary>
/// <remarks>
/// One look at a time. What cannot be read is left out, so that a store or a gate that is away is seen as away. Tests:
/// <c>FigureTakerTests</c>.
/// </remarks>
/// <param name="sources">Where figures come from.</param>
/// <param name="limits">How many sales are looked at.</param>
/// <param name="clock">The time.</param>
public sealed class FigureTaker(FigureSources sources, Limits limits, TimeProvider clock)
{
    /// <summary>Reservations that end within this time are about to expire.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Reservations that are counted in one look; with as many, there may be more.</summary>
    public const int MostExpiring = 10_000;

    /// <summary>How long one look may take; what has not answered by then is away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly LawWatch _law = new(clock, sources.LongestCommit);
    private INodeList? _nodes;
    private string _node = "";

    /// <summary>Has the nodes shown too, and what they have counted.</summary>
    /// <param name="nodes">Where they say that they live.</param>
    /// <param name="node">The id of this one.</param>
    public void Show(INodeList nodes, string node) => (_nodes, _node) = (nodes, node);

    /// <summary>
    /// What this node has counted, of so many of the sales that were claimed here as are shown to anyone who listens,
    /// for the others to add up. A node that answers nobody sorts nothing.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Tallies() =>
        SaleChoice.Recent(Claimed(), clock.GetUtcNow())
            .Take(limits.MeasuredSales)
            .ToDictionary(listing => listing.Sale.Id.ToString(), listing => listing.Claims.Read());

    /// <summary>Looks once.</summary>
    /// <param name="asked">Sales that somebody asks for, shown or not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Figures> LookAsync(IReadOnlyCollection<SaleId> asked, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var listings = Choose(asked);
        var ids = listings.ConvertAll(listing => listing.Sale.Id);

        // The gate first: units are taken there before the store, so that what is on its way is never below zero for
        // long.
        var gates = await Task.WhenAll(listings.ConvertAll(listing => LookAtGateAsync(listing, either.Token)));
        var stocks = await TryAsync(() => sources.Sales.StockAsync(ids, either.Token), cancellationToken);
        var expiring = await TryAsync(
            () => sources.Orders.ExpiringAsync(clock.GetUtcNow() + Soon, MostExpiring, either.Token),
            cancellationToken);
        var unsettled = await TryAsync(
            () => sources.Orders.UnsettledAsync(0, Figures.Most, either.Token), cancellationToken);
        var letters = await LettersAsync(either.Token, cancellationToken);
        var nodes = _nodes is null
            ? null
            : await TryAsync(() => _nodes.ListAsync(null, Figures.Most, either.Token), cancellationToken);

        var now = clock.GetUtcNow();
        var parts = new Parts(
            stocks?.ToDictionary(one => one.Sale, one => one.Stock),
            expiring?.ToDictionary(one => one.Sale, one => one.Orders));
        var sales = listings.Select((listing, i) => Describe(listing, now, parts, gates[i], nodes)).ToList();
        return new Figures(
            now, _node, Judge(sales, hasLetters: letters is not 0), sources.Catalog.Count - listings.Count, letters,
            unsettled?.Count, nodes);
    }

    private List<Listing> Claimed() =>
        [.. SaleChoice.All(sources.Catalog).Where(listing => !listing.Claims.IsEmpty)];

    private List<Listing> Choose(IReadOnlyCollection<SaleId> asked) =>
    [
        .. SaleChoice.Recent(sources.Catalog, clock.GetUtcNow())
            .Where((listing, place) => place < limits.BoardSales || asked.Contains(listing.Sale.Id)),
    ];

    private async Task<(GateLook? Gate, QueueLook? Queue)> LookAtGateAsync(Listing listing, CancellationToken cancel)
    {
        var sale = listing.Sale.Id;
        if (sources.Gate is not { } gate)
        {
            var view = listing.Mark.View;
            return (new GateLook(GateStanding.Open, view.Epoch, view), new QueueLook(IsEmpty: true, TimeSpan.Zero));
        }

        if (sources.Ended?.Has(sale) == true)
        {
            return (null, new QueueLook(IsEmpty: true, TimeSpan.Zero));
        }

        var look = await TryAsync<GateLook?>(async () => await gate.LookAsync(sale, cancel), CancellationToken.None);
        if (look?.View is { } said)
        {
            listing.Mark.See(said);
        }

        var depth = sources.Log is null
            ? null
            : await TryAsync<LogDepth?>(
                async () => await sources.Log.MeasureAsync(sale, cancel), CancellationToken.None);
        QueueLook? committed = gate is ISharedGate ? null : new QueueLook(IsEmpty: true, TimeSpan.Zero);
        return (look, depth is { } measured ? ToQueue(measured) : committed);
    }

    private QueueLook ToQueue(LogDepth depth)
    {
        var age = depth.OldestAt is { } oldest ? clock.GetUtcNow() - oldest : TimeSpan.Zero;
        return new QueueLook(depth.Entries == 0, age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }

    private async Task<int?> LettersAsync(CancellationToken either, CancellationToken cancellationToken) =>
        sources.Letters is not { } letters
            ? 0
            : (await TryAsync(() => letters.ListAsync(null, Figures.Most, either), cancellationToken))?.Count;

    private SaleFigures Describe(
        Listing listing, DateTimeOffset now, Parts parts, (GateLook? Gate, QueueLook? Queue) gate,
        IReadOnlyList<ListedNode>? nodes)
    {
        var sale = listing.Sale;
        Stock? stock = parts.Stocks?.TryGetValue(sale.Id, out var row) == true ? row : null;
        return new SaleFigures(
            sale, sale.StateAt(now), stock, gate.Gate, gate.Queue, parts.Expiring?.GetValueOrDefault(sale.Id),
            LawHolds: null, sources.Auditor.LastOf(sale.Id), Sum(listing, nodes))
        {
            IsGateRemoved = gate.Gate is null && sources.Ended?.Has(sale.Id) == true,
        };
    }

    /// <summary>This node's own count as it is, and the others' as they said it last.</summary>
    private SortedDictionary<string, long> Sum(Listing listing, IReadOnlyList<ListedNode>? nodes)
    {
        var sum = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var sale = listing.Sale.Id.ToString();
        var others = (nodes ?? [])
            .Where(node => node.Beat.Id != _node)
            .Select(node => node.Beat.Claims.GetValueOrDefault(sale))
            .OfType<IReadOnlyDictionary<string, long>>();
        foreach (var (word, count) in others.Append(listing.Claims.Read()).SelectMany(counts => counts))
        {
            sum[word] = sum.GetValueOrDefault(word) + count;
        }

        return sum;
    }

    private List<SaleFigures> Judge(List<SaleFigures> sales, bool hasLetters)
    {
        var known = sales.FindAll(sale => sale.Stock is not null);
        var holds = _law.Judge(known.ConvertAll(
            sale => (sale.Sale.Id, sale.Stock!.Value, IsAtRest(sale, hasLetters) ? sale.Gate?.View : null)));
        var judged = known.Select((sale, i) => (sale.Sale.Id, Holds: holds[i])).ToDictionary();
        return sales.ConvertAll(sale => sale with
        {
            LawHolds = judged.TryGetValue(sale.Sale.Id, out var lawHolds) ? lawHolds : null,
        });
    }

    /// <summary>Nothing that the gate has promised waits to be written: then it must agree with the store.</summary>
    private static bool IsAtRest(SaleFigures sale, bool hasLetters) => !hasLetters && sale.Queue is { IsEmpty: true };

    private static async Task<T?> TryAsync<T>(Func<ValueTask<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read();
        }
        catch (Exception fault) when (
            fault is StoreUnavailableException or GateUnavailableException or ClaimLogUnavailableException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return default;
        }
    }

    /// <summary>What the store said, by sale.</summary>
    private sealed record Parts(
        IReadOnlyDictionary<SaleId, Stock>? Stocks, IReadOnlyDictionary<SaleId, int>? Expiring);
}
