using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Storage;

/// <summary>
/// The store as one node has it open whose gate it is: claims are judged within its transactions, under the sales'
/// locks, or without one and written only if nothing has changed since. Nothing of it is done once another gate works
/// on the store. Without a disk nothing takes time and nothing goes wrong, which is how the suites try it.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="clock">The store's own time.</param>
/// <param name="isOptimistic">Whether claims are judged without a lock.</param>
/// <param name="disk">The disk; null for none.</param>
/// <param name="realm">The node.</param>
internal sealed class GateSession(
    DurableStore store, TimeProvider clock, bool isOptimistic, Disk? disk = null, Realm? realm = null)
    : IGateStore, ISaleIndex
{
    private readonly Dictionary<SaleBatch, int> _losses = [];
    private long _owner;

    /// <summary>How often a batch is tried that others are in the way of.</summary>
    public int Tries { get; init; } = int.MaxValue;

    /// <summary>Told how often a batch has found in a row that somebody else was faster.</summary>
    public Action<int>? Lost { get; init; }

    /// <summary>Opens it.</summary>
    /// <returns>The number of who works on the store now.</returns>
    /// <exception cref="StoreUnavailableException">Nobody knows whether it is open.</exception>
    public async ValueTask<long> OpenAsync()
    {
        var written = await WriteAsync("the store as the gate", () =>
        {
            _owner = store.Owner;
            return store.IsGate ? (Func<long>?)null : () => _owner = store.BecomeGate();
        });
        return written.End == WriteEnd.Done
            ? _owner
            : throw new StoreUnavailableException("Nobody knows whether the store is the gate.");
    }

    /// <inheritdoc/>
    public async ValueTask<CommitReceipt> ClaimAsync(
        IReadOnlyList<SaleBatch> batches, JudgeBatch judge, bool isInDoubt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return isOptimistic && !isInDoubt && !batches.Any(HasRevival)
                ? await CompareAsync(batches, judge)
                : await LockAsync(batches, judge);
        }
        catch (StoreUnavailableException)
        {
            return new CommitReceipt(CommitStatus.Failed);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StockView?> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        ReadAsync(() => store.Find(sale) is { } row ? DurableStore.ViewOf(row) : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<IReadOnlyList<HeldOrder>>>(() =>
        {
            var orders = (store.Find(sale)?.Orders ?? []).ToLookup(
                order => order.Buyer, order => new HeldOrder(order.Id.Key, order.Held, order.Turn));
            return [.. buyers.Select(buyer => orders[buyer].ToArray())];
        });

    /// <inheritdoc/>
    public ValueTask<GateReport?> ReadOrdersAsync(SaleId sale, CancellationToken cancellationToken) =>
        ReadAsync(() => store.Find(sale) is { } row
            ? new GateReport(
                DurableStore.ViewOf(row),
                [.. row.Orders.Select(order => new HeldOrder(order.Id.Key, order.Held, order.Turn))])
            {
                Buyers = row.Orders.Select(order => BuyerHash.Of(order.Buyer.Utf8)).ToHashSet(),
            }
            : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleGlance>> GlanceAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SaleGlance>>(() =>
        [
            .. store.Sales.Select(row => new SaleGlance(
                row.Sale.Id, row.Epoch, row.Sale.Revision, row.Stock.Version, row.Stock.Available, row.IsOver)
            {
                Gate = DurableStore.ViewOf(row),
            }),
        ]);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StandingSale>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StandingSale>>(() =>
        [
            .. sales.Select(store.Find).OfType<DurableSale>()
                .Select(row => new StandingSale(row.Sale, row.Epoch, row.Stock)),
        ]);

    /// <summary>Judged under the sales' locks, which are held until all of it is written.</summary>
    private async ValueTask<CommitReceipt> LockAsync(IReadOnlyList<SaleBatch> batches, JudgeBatch judge)
    {
        var isOurs = true;
        var written = await WriteAsync<CommitReceipt>("a batch of claims", () =>
        {
            isOurs = store.Owner == _owner;
            var granted = isOurs ? Judge(batches, judge) : [];
            return granted.Count == 0 ? null : () =>
            {
                store.Grant(granted);
                return new CommitReceipt(CommitStatus.Committed);
            };
        });
        return isOurs ? ReceiptOf(written) : new CommitReceipt(CommitStatus.Failed);
    }

    /// <summary>Judged on what is read, and written for the sales of which nothing has changed since.</summary>
    private async ValueTask<CommitReceipt> CompareAsync(IReadOnlyList<SaleBatch> batches, JudgeBatch judge)
    {
        var (granted, versions) = await ReadAsync(() =>
        {
            MustBeOurs();
            return (Judge(batches, judge), batches.Select(batch => batch.Sale).Distinct().Select(store.Find)
                .OfType<DurableSale>().ToDictionary(row => row.Sale.Id, row => (row.Version, row.Epoch)));
        });
        if (batches.Any(IsDecidedByTime))
        {
            return await LockAsync(batches, judge);
        }

        if (granted.Count == 0)
        {
            return new CommitReceipt(CommitStatus.Committed);
        }

        HashSet<SaleId> lost = [];
        var written = await WriteAsync<CommitReceipt>("a batch of claims, compared", () =>
        {
            var rows = granted.ConvertAll(ofSale => store.Find(ofSale.Sale)!);
            var isLate = rows.Exists(row => row.Sale.ClosesAt <= clock.GetUtcNow());
            lost =
            [
                .. rows.Where(row => isLate || versions[row.Sale.Id] != (row.Version, row.Epoch))
                    .Select(row => row.Sale.Id),
            ];
            var won = granted.FindAll(ofSale => !lost.Contains(ofSale.Sale));
            return won.Count == 0 ? null : () =>
            {
                store.Grant(won);
                return new CommitReceipt(CommitStatus.Committed);
            };
        });
        foreach (var batch in batches)
        {
            NoteLoss(batch, lost.Contains(batch.Sale));
        }

        return ReceiptOf(written) with { Changed = lost };
    }

    private void NoteLoss(SaleBatch batch, bool hasLost)
    {
        _losses.Remove(batch, out var times);
        if (hasLost)
        {
            Lost?.Invoke(++times);
            if (times < Tries)
            {
                _losses[batch] = times;
            }
        }
    }

    private static CommitReceipt ReceiptOf(Written<CommitReceipt> written) => new(written.End switch
    {
        WriteEnd.Done => CommitStatus.Committed,
        WriteEnd.Failed => CommitStatus.Failed,
        _ => CommitStatus.Unknown,
    });

    private void MustBeOurs()
    {
        if (store.Owner != _owner)
        {
            throw new StoreUnavailableException("Another gate has begun to work on the store.");
        }
    }

    private List<Admissions> Judge(IReadOnlyList<SaleBatch> batches, JudgeBatch judge)
    {
        var granted = new List<Admissions>();
        foreach (var batch in batches)
        {
            if (judge(batch, store.FindFor(batch), clock.GetUtcNow()) is { } some)
            {
                granted.Add(some);
            }
        }

        return granted;
    }

    private static bool HasRevival(SaleBatch batch) =>
        batch.Claims.ToArray().Any(claim => claim.Revival is not null);

    private static bool IsDecidedByTime(SaleBatch batch) =>
        batch.Answers.ToArray().Any(answer => answer.Outcome is Outcome.Closed or Outcome.TokenExpired);

    private ValueTask<Written<T>> WriteAsync<T>(string what, Func<Func<T>?> read)
    {
        if (disk is not null)
        {
            return disk.ReadAndWriteAsync(realm!, what, read);
        }

        lock (store)
        {
            return ValueTask.FromResult(
                new Written<T>(WriteEnd.Done, read() is { } write ? write() : default));
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
