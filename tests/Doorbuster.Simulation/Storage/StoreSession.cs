using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Storage;

/// <summary>
/// The store as one node has it open. What the node's predecessors still had on its way is fenced off once this one has
/// taken over. Without a disk nothing takes time and nothing goes wrong, which is how the suites try it.
/// </summary>
internal sealed class StoreSession(DurableStore store, Disk? disk = null, Realm? realm = null)
    : ILedger, ISaleStore, IOrderStore
{
    private long _owner = store.Owner;

    /// <summary>The number under which it works on the store, where that is not the one it found.</summary>
    public long Owner
    {
        init => _owner = value;
    }

    /// <inheritdoc/>
    public async ValueTask<CommitReceipt> CommitAsync(
        IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var written = await WriteAsync(
            "a batch of claims",
            () => store.Owner == _owner
                ? store.Commit(admissions)
                : new CommitReceipt(
                    CommitStatus.Committed, Stale: admissions.Select(ofSale => ofSale.Sale).ToHashSet()));
        return written.End switch
        {
            WriteEnd.Done => written.Value,
            WriteEnd.Failed => new CommitReceipt(CommitStatus.Failed),
            _ => new CommitReceipt(CommitStatus.Unknown),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
        Admissions admissions, CancellationToken cancellationToken)
    {
        var written = await WriteAsync(
            "a read-back", () => store.Owner == _owner ? store.Standing(admissions) : null);
        return written.Value;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Order>> FindAsync(
        IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) => ReadAsync(() =>
    {
        var found = new List<Order>(orders.Count);
        foreach (var id in orders)
        {
            if (store.Find(id) is { } order)
            {
                found.Add(order);
            }
        }

        return (IReadOnlyList<Order>)found;
    });

    /// <inheritdoc/>
    public ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken) =>
        ChangeAsync($"the sale {sale.Id}", () => store.Create(sale));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GateSnapshot>> TakeOverAsync(CancellationToken cancellationToken)
    {
        var written = await WriteAsync("a take-over", () =>
        {
            _owner = store.Owner + 1;
            return store.TakeOver(_owner);
        });
        return written.Value ?? throw new StoreUnavailableException("The sales could not be taken over.");
    }

    /// <inheritdoc/>
    public ValueTask<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync("an operator's change", () => store.Change(sale, change, now));

    /// <inheritdoc/>
    public async ValueTask<Sale?> FindAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var written = await WriteAsync(
            "a proof of ownership", () => (IsOurs: store.Owner == _owner, store.Find(sale)?.Sale));
        return written is { End: WriteEnd.Done, Value: { IsOurs: true } found }
            ? found.Sale
            : throw new StoreUnavailableException("Nobody can tell yet.");
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, Stock Stock)>> StockAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<(SaleId, Stock)>>(
            () => [.. sales.Select(store.Find).OfType<DurableSale>().Select(sale => (sale.Sale.Id, sale.Stock))]);

    /// <inheritdoc/>
    public ValueTask<StoreReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken) =>
        ReadAsync(() => store.Find(sale)?.Report());

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderAnswer>> ApplyAsync(
        IReadOnlyList<OrderCommand> commands, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync("changes of orders", () => store.Apply(commands, now));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderId>> DueAsync(
        DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => store.Due(now, limit));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, int Orders)>> ExpiringAsync(
        DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<(SaleId Sale, int Orders)>>(() =>
            [.. store.Due(until, most).GroupBy(order => order.Sale).Select(ofSale => (ofSale.Key, ofSale.Count()))]);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(long Place, Payment Payment)>> UnsettledAsync(
        long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => store.Unsettled(after, limit));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEvent>> EventsAsync(
        SaleId sale, long after, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SaleEvent>>(
            () => [.. (store.Find(sale)?.Events ?? []).Where(entry => entry.No > after).Take(limit)]);

    private ValueTask<T> ChangeAsync<T>(string what, Func<T> transaction)
    {
        if (disk is null)
        {
            lock (store)
            {
                return store.Owner == _owner
                    ? ValueTask.FromResult(transaction())
                    : ValueTask.FromException<T>(new StoreUnavailableException($"{what}: not written."));
            }
        }

        var isFenced = false;
        return disk.WriteAsync(
            realm!, what,
            () =>
            {
                isFenced = store.Owner != _owner;
                return isFenced ? default! : transaction();
            },
            end => isFenced || end == WriteEnd.Failed ? new StoreUnavailableException($"{what}: not written.")
                : end == WriteEnd.Unknown ? new OutcomeUnknownException($"{what}: nobody knows.")
                : null);
    }

    private ValueTask<Written<T>> WriteAsync<T>(string what, Func<T> transaction)
    {
        if (disk is not null)
        {
            return disk.WriteAsync(realm!, what, transaction);
        }

        lock (store)
        {
            return ValueTask.FromResult(new Written<T>(WriteEnd.Done, transaction()));
        }
    }

    private ValueTask<T> ReadAsync<T>(Func<T> read)
    {
        if (disk is not null)
        {
            return disk.ReadAsync(realm!, read);
        }

        lock (store)
        {
            return ValueTask.FromResult(read());
        }
    }
}
