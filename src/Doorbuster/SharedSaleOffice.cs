using Doorbuster.Claims;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;

namespace Doorbuster;

/// <summary>
/// Creates and changes sales where nodes share store and gate. What another node has done is known here within a
/// second; what the store has and the gate does not is the courier's to bring.
/// </summary>
/// <remarks>
/// Nobody owns a sale here: whatever is done is decided by the store, under the sale's lock, and told the gate by epoch
/// and revision. Tests: <c>SharedNodeTests</c>.
/// </remarks>
/// <param name="store">Where sales are kept.</param>
/// <param name="index">What the store has.</param>
/// <param name="gate">Where they are opened.</param>
/// <param name="catalog">Where this node finds them.</param>
/// <param name="limits">How many there may be.</param>
/// <param name="clock">The time.</param>
/// <param name="notifier">Told of changes; nobody where null.</param>
/// <param name="ended">Told which sales are over; nobody where null.</param>
/// <param name="showsStock">Whether anybody is shown by this node what gates have left.</param>
public sealed class SharedSaleOffice(
    ISaleStore store, ISaleIndex index, IRemoteGate gate, Catalog catalog, Limits limits, TimeProvider clock,
    INotifier? notifier = null, EndedSales? ended = null, bool showsStock = true) : ISaleOffice
{
    /// <summary>The time between two looks at what the store has.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an operator waits for the gate to take a change over.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after its time, by this node's clock, a sale is noted as closed. The gate closes it by its own clock,
    /// and this one may be ahead of that (F14).
    /// </summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ApplyPause = TimeSpan.FromMilliseconds(50);

    private readonly Closings _closings = new();
    private readonly SteadyClock _windows = new(clock);

    /// <summary>Null where the store is the gate: what is left comes with each look at what sales there are.</summary>
    private readonly StockLooks? _looks = gate is StoreGate || !showsStock
        ? null
        : new StockLooks(gate, catalog, clock);

    /// <inheritdoc/>
    public async Task OpenAllAsync(CancellationToken cancellationToken)
    {
        await SyncAsync(cancellationToken);
        await LookAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SaleCreation> CreateAsync(Sale sale, CancellationToken cancellationToken)
    {
        if (catalog.TryFind(sale.Id.ToString(), out _))
        {
            return SaleCreation.Exists;
        }

        if (catalog.Count >= limits.MaxSales)
        {
            return SaleCreation.TooMany;
        }

        if (await store.CreateAsync(sale, cancellationToken) is not { } snapshot)
        {
            return SaleCreation.Exists;
        }

        // A gate that cannot be opened now is missing, like one that was lost, and is opened like that.
        var listing = Know(new StandingSale(sale, snapshot.Epoch, snapshot.Stock));
        if (await gate.OpenAsync(snapshot, cancellationToken) is { } view)
        {
            listing.Mark.See(view);
        }

        return SaleCreation.Created;
    }

    /// <inheritdoc/>
    public async Task<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, CancellationToken cancellationToken)
    {
        var bounded = change with { LastRevision = limits.RevisionsPerSale };
        var answer = await store.ChangeAsync(sale, bounded, _windows.GetUtcNow(), cancellationToken);
        if (answer.Sale is { } changed && catalog.TryFind(sale.ToString(), out var listing))
        {
            Learn(listing, changed);
            if (answer.Outcome is SaleChangeOutcome.Done or SaleChangeOutcome.Stands)
            {
                await ApplyAsync(listing, changed, answer.Epoch, cancellationToken);
            }
        }

        return answer;
    }

    /// <inheritdoc/>
    public async ValueTask<Listing?> FindAsync(string? sale, CancellationToken cancellationToken)
    {
        if (catalog.TryFind(sale, out var listing))
        {
            return listing;
        }

        return SaleId.TryParse(sale, out var id) && await index.ReadAsync([id], cancellationToken) is [var found]
            ? Know(found)
            : null;
    }

    /// <summary>
    /// Looks until it is cancelled. A gate that is away holds up closings and looks at its stock, and not what the
    /// store says of all sales.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(RepeatAsync(SyncAsync), RepeatAsync(CloseDueAsync), RepeatAsync(LookAsync));

        async Task RepeatAsync(Func<CancellationToken, Task> lookAsync)
        {
            try
            {
                while (true)
                {
                    await Task.Delay(Pause, clock, stop.Token);
                    await TryAsync(lookAsync, stop.Token);
                }
            }
            finally
            {
                stop.Cancel();
            }
        }
    }

    /// <summary>Makes the catalog what the store has.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var changed = new List<SaleId>();
        var glances = await index.GlanceAsync(cancellationToken);
        foreach (var glance in glances)
        {
            if (!catalog.TryFind(glance.Id.ToString(), out var listing) || listing.Sale.Revision < glance.Revision)
            {
                changed.Add(glance.Id);
            }

            listing?.StoreEpoch = glance.Epoch;
            _looks?.Note(glance);
            ended?.Note(glance);
        }

        if (changed.Count > 0)
        {
            Know(await index.ReadAsync(changed, cancellationToken));
        }

        See(glances);
    }

    private static async Task TryAsync(Func<CancellationToken, Task> lookAsync, CancellationToken cancellationToken)
    {
        try
        {
            await lookAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            // The next look finds out.
        }
    }

    private Task LookAsync(CancellationToken cancellationToken) =>
        _looks?.LookAsync(cancellationToken) ?? Task.CompletedTask;

    private void See(IReadOnlyList<SaleGlance> glances)
    {
        foreach (var glance in glances)
        {
            if (glance.Gate is { } view && catalog.TryFind(glance.Id.ToString(), out var listing))
            {
                listing.Mark.See(view);
            }
        }
    }

    /// <summary>Notes as closed, in the store and at the gate, the sales that are over by any clock.</summary>
    private async Task CloseDueAsync(CancellationToken cancellationToken)
    {
        foreach (var sale in _closings.Due(_windows.GetUtcNow() - ClockDifference))
        {
            // One whose gate cannot take it over now keeps no other from it.
            await TryAsync(stop => ChangeAsync(sale, new SaleChange.Lapse(), stop), cancellationToken);
        }
    }

    /// <summary>
    /// Gives the gate what stands in the store, until it has taken that over; a missing one too, for somebody may be
    /// about to open it on the terms before (I4, F19).
    /// </summary>
    /// <exception cref="OutcomeUnknownException">It has not, for as long as an operator waits.</exception>
    private async Task ApplyAsync(Listing listing, Sale sale, long? epoch, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        do
        {
            if (await gate.ApplyAsync(sale, epoch, cancellationToken) is { } view)
            {
                listing.Mark.See(view);
                return;
            }

            await Task.Delay(ApplyPause, clock, cancellationToken);
        }
        while (clock.GetElapsedTime(began) < Patience);

        throw new OutcomeUnknownException(
            $"The change of sale '{sale.Id}' stands in the store, and its gate has not taken it over yet.");
    }

    private Listing Know(StandingSale sale)
    {
        Know([sale]);
        return catalog.TryFind(sale.Sale.Id.ToString(), out var listing)
            ? listing
            : throw new InvalidOperationException($"Sale '{sale.Sale.Id}' was listed, and is not found.");
    }

    private void Know(IReadOnlyList<StandingSale> sales)
    {
        var added = new List<Listing>();
        foreach (var found in sales)
        {
            if (catalog.TryFind(found.Sale.Id.ToString(), out var listing))
            {
                Learn(listing, found.Sale);
            }
            else
            {
                // Before the gate has said anything the store's word will do; any word of the gate is newer.
                var view = new StockView(0, 0, found.Stock.Available);
                added.Add(new Listing(found.Sale, view) { StoreEpoch = found.Epoch });
                _closings.Put(found.Sale);
            }
        }

        catalog.AddMissing(added);
    }

    private void Learn(Listing listing, Sale sale)
    {
        var before = listing.Sale.Revision;
        listing.Update(sale);
        _closings.Put(listing.Sale);
        if (before < sale.Revision)
        {
            notifier?.SaleChanged(listing);
        }
    }
}
