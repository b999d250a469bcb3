using Doorbuster.Claims;
using Doorbuster.Notification;

namespace Doorbuster;

/// <summary>How the creation of a sale ended.</summary>
public enum SaleCreation
{
    /// <summary>It exists, and its gate is open.</summary>
    Created,

    /// <summary>A sale of that id exists already.</summary>
    Exists,

    /// <summary>The node holds as many sales as <see cref="Limits.MaxSales"/> allows.</summary>
    TooMany,
}

/// <summary>
/// Creates sales and opens their gates. At start it opens the gate of every sale there is: stock is loaded before the
/// first claim comes.
/// </summary>
/// <param name="store">Where sales are kept.</param>
/// <param name="gate">Where they are opened.</param>
/// <param name="catalog">Where this node finds them.</param>
/// <param name="limits">How many there may be.</param>
/// <param name="clock">The time.</param>
/// <param name="notifier">Told of changes; nobody where null.</param>
/// <param name="windows">
/// The time by which a sale is scheduled, open or closed: the gate's, so that what it has closed stays closed.
/// </param>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing to dispose of.
public sealed class SaleOffice(
    ISaleStore store, IGate gate, Catalog catalog, Limits limits, TimeProvider clock, INotifier? notifier = null,
    SteadyClock? windows = null) : ISaleOffice
#pragma warning restore CA1001
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Closings _closings = new();
    private readonly SteadyClock _windows = windows ?? new SteadyClock(clock);

    /// <summary>Sales whose last change may stand in the store and not at the gate.</summary>
    private readonly SortedDictionary<string, Listing> _behind = new(StringComparer.Ordinal);

    /// <summary>Sales that may stand in the store, and whose gates nobody has opened.</summary>
    private readonly SortedDictionary<string, SaleId> _unborn = new(StringComparer.Ordinal);

    // One creation at a time, so that the limit on sales is kept.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Takes every sale over from the store, under a new epoch, and opens its gate.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write now.</exception>
    public async Task OpenAllAsync(CancellationToken cancellationToken)
    {
        var listings = new List<Listing>();
        foreach (var snapshot in await store.TakeOverAsync(cancellationToken))
        {
            listings.Add(await OpenAsync(snapshot, cancellationToken));
        }

        catalog.Add(listings);
    }

    /// <summary>
    /// Creates a sale and opens its gate. Safe to try again: a sale that exists is not created twice.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot write now; the sale was not created.</exception>
    /// <exception cref="OutcomeUnknownException">
    /// It may be created or not: trying again tells. Should it be, its gate opens as soon as the store tells.
    /// </exception>
    public async Task<SaleCreation> CreateAsync(Sale sale, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await CreateInTurnAsync(sale, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Changes a sale: in the store first, then at its gate, and answers after that. Safe to try again: what stands in
    /// the store is given to the gate again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: trying again tells.</exception>
    public async Task<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, CancellationToken cancellationToken)
    {
        if (!catalog.TryFind(sale.ToString(), out var listing))
        {
            return new SaleChangeAnswer(SaleChangeOutcome.Unknown);
        }

        try
        {
            var bounded = change with { LastRevision = limits.RevisionsPerSale };
            var answer = await store.ChangeAsync(sale, bounded, _windows.GetUtcNow(), cancellationToken);
            await ApplyAsync(listing, answer.Sale, cancellationToken);
            return answer;
        }
        catch (OutcomeUnknownException)
        {
            lock (_behind)
            {
                _behind[sale.ToString()] = listing;
            }

            throw;
        }
    }

    /// <summary>
    /// Finds out, until it is cancelled, what became of changes whose outcome nobody knew, and gives the gate what
    /// stands: it would otherwise go on under terms that the store has left, and be told so with every batch. A sale
    /// that was created so would exist for nobody. Sales whose time has come are noted as closed, so that neither a
    /// restart nor a clock opens them again.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, cancellationToken);
            await CatchUpAsync(cancellationToken);
            await OpenUnbornAsync(cancellationToken);
            await CloseDueAsync(cancellationToken);
        }
    }

    /// <summary>Notes as closed, in the store and at the gate, the sales whose closing time has come.</summary>
    public async Task CloseDueAsync(CancellationToken cancellationToken)
    {
        foreach (var sale in _closings.Due(_windows.GetUtcNow()))
        {
            try
            {
                await ChangeAsync(sale, new SaleChange.Lapse(), cancellationToken);
            }
            catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
            {
                // It stays due, and is closed at the gate meanwhile.
                return;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<Listing?> FindAsync(string? sale, CancellationToken cancellationToken) =>
        ValueTask.FromResult(catalog.TryFind(sale, out var listing) ? listing : null);

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        Listing[] behind;
        lock (_behind)
        {
            behind = [.. _behind.Values];
            _behind.Clear();
        }

        foreach (var listing in behind)
        {
            try
            {
                var sale = await store.FindAsync(listing.Sale.Id, cancellationToken);
                await ApplyAsync(listing, sale, cancellationToken);
            }
            catch (StoreUnavailableException)
            {
                lock (_behind)
                {
                    _behind[listing.Sale.Id.ToString()] = listing;
                }
            }
        }
    }

    private async Task OpenUnbornAsync(CancellationToken cancellationToken)
    {
        if (_unborn.Count == 0)
        {
            return;
        }

        // A creation that is under way ends by itself, and a wait that could be cancelled would leave its thread.
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            foreach (var sale in _unborn.Values.ToArray())
            {
                await OpenUnbornAsync(sale, cancellationToken);
            }
        }
        catch (StoreUnavailableException)
        {
            // The next look finds out.
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Opens the gate of a sale whose creation stands. It is as it was created: nobody could claim or change what had
    /// no gate.
    /// </summary>
    private async Task OpenUnbornAsync(SaleId id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is { } sale)
        {
            var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, Version: 0);
            catalog.Add(await OpenAsync(
                new GateSnapshot(sale, Epoch: 1, stock, Admitted: 0, new Holdings()), cancellationToken));
        }

        _unborn.Remove(id.ToString());
    }

    /// <summary>Gives the gate what stands in the store; one that has shut the sale goes on selling nothing.</summary>
    private async ValueTask ApplyAsync(Listing listing, Sale? sale, CancellationToken cancellationToken)
    {
        if (sale is null)
        {
            return;
        }

        var view = await gate.ApplyAsync(sale, epoch: null, cancellationToken);
        listing.Update(sale);
        _closings.Put(listing.Sale);
        if (view is not null)
        {
            listing.Mark.Reopen(view);
        }

        notifier?.SaleChanged(listing);
    }

    private async Task<SaleCreation> CreateInTurnAsync(Sale sale, CancellationToken cancellationToken)
    {
        if (_unborn.ContainsKey(sale.Id.ToString()))
        {
            await OpenUnbornAsync(sale.Id, cancellationToken);
        }

        if (catalog.TryFind(sale.Id.ToString(), out _))
        {
            return SaleCreation.Exists;
        }

        if (catalog.Count >= limits.MaxSales)
        {
            return SaleCreation.TooMany;
        }

        GateSnapshot? snapshot;
        try
        {
            snapshot = await store.CreateAsync(sale, cancellationToken);
        }
        catch (OutcomeUnknownException)
        {
            _unborn[sale.Id.ToString()] = sale.Id;
            throw;
        }

        if (snapshot is null)
        {
            return SaleCreation.Exists;
        }

        catalog.Add(await OpenAsync(snapshot, cancellationToken));
        return SaleCreation.Created;
    }

    private async ValueTask<Listing> OpenAsync(GateSnapshot snapshot, CancellationToken cancellationToken)
    {
        // The listing reads the holdings first: from then on they are the gate's.
        var listing = new Listing(snapshot);
        _closings.Put(listing.Sale);
        await gate.OpenAsync(snapshot, cancellationToken);
        return listing;
    }
}
