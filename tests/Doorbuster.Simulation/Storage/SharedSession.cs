using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;
using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Storage;

/// <summary>
/// The store as one node of several has it open: nobody owns it, and what a dead node had on its way may still land.
/// Without a disk nothing takes time and nothing goes wrong, which is how the suites try it.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="leases">Turns, by the store's own clock.</param>
/// <param name="clock">The node's time.</param>
/// <param name="disk">The disk; null for none.</param>
/// <param name="realm">The node.</param>
internal sealed class SharedSession(
    DurableStore store, InMemoryLease leases, TimeProvider clock, Disk? disk = null, Realm? realm = null)
    : IFulfilmentLedger, IOutbox, IEpochs, ILease, ILostClaims, IDeadLetters, ISaleEnding, ISaleIndex
{
    /// <summary>Finds the claim of some entries that cannot be written now; null where all can be.</summary>
    public Func<IReadOnlyList<AdmittedBatch>, DeadLetterId?>? FindBad { get; init; }

    /// <summary>Whether a claim cannot be written now, that could not be before.</summary>
    public Func<DeadLetterId, bool>? IsBad { get; init; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Order>> FulfilAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return FindBad?.Invoke(entries) is { } bad
            ? throw new BadClaimException($"Claim {bad} cannot be written.")
            : await ChangeAsync("admitted claims", () => store.Fulfil(entries, clock.GetUtcNow()));
    }

    /// <inheritdoc/>
    public async ValueTask BuryAsync(AdmittedBatch entry, string reason, CancellationToken cancellationToken) =>
        await ChangeAsync("a dead letter", () =>
        {
            store.Bury(entry, reason, clock.GetUtcNow());
            return true;
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OutboxEntry>> ReadAsync(
        long after, int most, CancellationToken cancellationToken) =>
        QueryAsync(() => store.ReadOutbox(after, most));

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(IReadOnlyCollection<long> entries, CancellationToken cancellationToken) =>
        await ChangeAsync("what gates were told", () =>
        {
            store.DeleteFromOutbox(entries);
            return true;
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<SaleEpoch>>(() => [.. store.Sales.Where(row => !row.IsOver).Select(store.EpochOf)]);

    /// <inheritdoc/>
    public ValueTask<SaleEpoch?> FindEpochAsync(SaleId sale, CancellationToken cancellationToken) =>
        QueryAsync(() => store.Find(sale) is { } row ? store.EpochOf(row) : (SaleEpoch?)null);

    /// <inheritdoc/>
    public ValueTask<GateSnapshot?> RaiseAsync(
        SaleId sale, long from, long to, string reason, CancellationToken cancellationToken) => WriteAsync(
        $"epoch {to} of {sale}", () => store.Raise(sale, from, to),
        static end => end == WriteEnd.Done
            ? null
            : new StoreUnavailableException("The epoch may be raised or not."));

    /// <inheritdoc/>
    public ValueTask<Order?> RejectLostAsync(
        OrderId order, BuyerId buyer, long epoch, CancellationToken cancellationToken) =>
        ChangeAsync("a lost claim", () => store.RejectLost(order, buyer, epoch, clock.GetUtcNow()));

    /// <inheritdoc/>
    public ValueTask<LeaseGrant?> TakeAsync(
        string name, string holder, TimeSpan life, CancellationToken cancellationToken) => LeaseAsync(
        () => AtOnce.Of(leases.TakeAsync(name, holder, life, cancellationToken)));

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(LeaseGrant grant, TimeSpan life, CancellationToken cancellationToken) =>
        LeaseAsync(() => AtOnce.Of(leases.RenewAsync(grant, life, cancellationToken)));

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(LeaseGrant grant, CancellationToken cancellationToken) => await LeaseAsync(() =>
    {
        AtOnce.Do(leases.ReleaseAsync(grant, cancellationToken));
        return true;
    });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(
        DeadLetterId? after, int most, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<DeadLetter>>(() =>
        [
            .. store.Letters.OrderBy(letter => Place(letter.Id))
                .Where(letter => after is not { } known || Place(letter.Id).CompareTo(Place(known)) > 0).Take(most),
        ]);

    /// <inheritdoc/>
    public ValueTask<DeadLetter?> FindLetterAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        QueryAsync(() => store.Letters.SingleOrDefault(letter => letter.Id == id));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetterId>> OverdueAsync(
        DateTimeOffset before, DeadLetterId? after, int most, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<DeadLetterId>>(() =>
        [
            .. store.Letters.Where(letter => letter.BuriedAt < before && store.Find(letter.Entry.Sale) is not null)
                .Select(letter => letter.Id).OrderBy(Place)
                .Where(id => after is not { } known || Place(id).CompareTo(Place(known)) > 0).Take(most),
        ]);

    /// <inheritdoc/>
    public async ValueTask<ReplayAnswer?> ReplayAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        IsBad?.Invoke(id) == true
            ? throw new BadClaimException($"Claim {id} cannot be written.")
            : await ChangeAsync("a dead letter", () => store.Replay(id, clock.GetUtcNow()));

    /// <inheritdoc/>
    public ValueTask<Order?> RejectAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        ChangeAsync("a dead letter's end", () => store.GiveUp(id, clock.GetUtcNow()));

    /// <inheritdoc/>
    public ValueTask<long?> PrepareAsync(SaleId sale, long prepared, CancellationToken cancellationToken) =>
        QueryAsync(() => store.Endable(sale)?.Events.Count is { } events ? events : (long?)null);

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(
        SaleId sale, long epoch, long prepared, CancellationToken cancellationToken) =>
        ChangeAsync($"the end of {sale}", () => store.End(sale, epoch));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> OrdersOfAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<IReadOnlyList<HeldOrder>>>(() =>
        {
            var orders = store.Find(sale)!.Orders.ToLookup(
                order => order.Buyer, order => new HeldOrder(order.Id.Key, order.Held, order.Turn));
            return [.. buyers.Select(buyer => orders[buyer].ToArray())];
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleGlance>> GlanceAsync(CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<SaleGlance>>(() =>
        [
            .. store.Sales.Select(row => new SaleGlance(
                row.Sale.Id, row.Epoch, row.Sale.Revision, row.Stock.Version, row.Stock.Available, row.IsOver)),
        ]);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StandingSale>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<StandingSale>>(() =>
        [
            .. sales.Select(store.Find).OfType<DurableSale>()
                .Select(row => new StandingSale(row.Sale, row.Epoch, row.Stock)),
        ]);

    private static (string, ulong, ulong, int) Place(DeadLetterId id) =>
        ($"{id.Order.Sale}", id.Order.Key.High, id.Order.Key.Low, id.Turn);

    private ValueTask<T> ChangeAsync<T>(string what, Func<T> transaction) => WriteAsync(
        what, transaction,
        end => end switch
        {
            WriteEnd.Done => null,
            WriteEnd.Failed => new StoreUnavailableException($"{what}: not written."),
            _ => new OutcomeUnknownException($"{what}: nobody knows."),
        });

    private ValueTask<T> LeaseAsync<T>(Func<T> change) => WriteAsync(
        "a lease", change, static end => end == WriteEnd.Done ? null : new StoreUnavailableException("A lease."));

    private ValueTask<T> WriteAsync<T>(string what, Func<T> transaction, Func<WriteEnd, Exception?> fault) =>
        disk?.WriteAsync(realm!, what, transaction, fault) ?? ValueTask.FromResult(Alone(transaction));

    private ValueTask<T> QueryAsync<T>(Func<T> read) =>
        disk?.ReadAsync(realm!, read) ?? ValueTask.FromResult(Alone(read));

    /// <summary>Suites call from several threads, and no disk has them take turns.</summary>
    private T Alone<T>(Func<T> work)
    {
        lock (store)
        {
            return work();
        }
    }
}
