using System.Collections.Concurrent;
using Doorbuster.Claims;
using Doorbuster.Fulfilment;

namespace Doorbuster.Conformance;

/// <summary>
/// A store that is the gate, whose transactions go wrong as a test asks, over any such store; and whose time a test
/// turns. Without a fault it only forwards.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="clock">The time by which it has claims judged; the store's own where null.</param>
public sealed class FaultyGateStore(IGateStore inner, TimeProvider? clock = null) : IGateStore
{
    private readonly ConcurrentQueue<CommitFault> _next = new();
    private readonly ConcurrentQueue<bool> _doubts = new();
    private int _transactions;

    /// <summary>Transactions so far, whatever became of them.</summary>
    public int Transactions => Volatile.Read(ref _transactions);

    /// <summary>How many of the next transactions find that somebody else was faster.</summary>
    public int Losses { get; set; }

    /// <summary>Whether no transaction begins, like one of a server that is away.</summary>
    public bool IsAway { get; set; }

    /// <summary>Done once, after the next transaction whose end nobody knows; nothing where null.</summary>
    public Func<Task>? AfterUnknown { get; set; }

    /// <summary>Of each transaction so far, whether one before it with its claims might be under way.</summary>
    public IReadOnlyCollection<bool> Doubts => _doubts;

    /// <summary>What becomes of the next transaction; asked several times, of the next several.</summary>
    public void Next(params ReadOnlySpan<CommitFault> faults)
    {
        foreach (var fault in faults)
        {
            _next.Enqueue(fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommitReceipt> ClaimAsync(
        IReadOnlyList<SaleBatch> batches, JudgeBatch judge, bool isInDoubt, CancellationToken cancellationToken)
    {
        var receipt = await TryClaimAsync(batches, judge, isInDoubt, cancellationToken);
        if (receipt.Status == CommitStatus.Unknown && AfterUnknown is { } after)
        {
            AfterUnknown = null;
            await after();
        }

        return receipt;
    }

    /// <inheritdoc/>
    public ValueTask<StockView?> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.LookAsync(sale, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken) =>
        inner.HeldByAllAsync(sale, buyers, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GateReport?> ReadOrdersAsync(SaleId sale, CancellationToken cancellationToken) =>
        inner.ReadOrdersAsync(sale, cancellationToken);

    private async ValueTask<CommitReceipt> TryClaimAsync(
        IReadOnlyList<SaleBatch> batches, JudgeBatch judge, bool isInDoubt, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _transactions);
        _doubts.Enqueue(isInDoubt);
        var hasFault = _next.TryDequeue(out var fault);
        if (IsAway && !hasFault)
        {
            return new CommitReceipt(CommitStatus.Failed);
        }

        if (fault is CommitFault.None or CommitFault.UnknownAndDone && Losses == 0)
        {
            var receipt = await inner.ClaimAsync(batches, AtOurTime, isInDoubt, cancellationToken);
            return fault == CommitFault.None ? receipt : new CommitReceipt(CommitStatus.Unknown);
        }

        // Judged on what there is, and nothing of it is written.
        var granted = new HashSet<SaleId>();
        await inner.ClaimAsync(
            batches,
            (batch, sale, now) =>
            {
                if (AtOurTime(batch, sale, now) is not null)
                {
                    granted.Add(batch.Sale);
                }

                return null;
            },
            isInDoubt,
            cancellationToken);
        if (fault == CommitFault.None)
        {
            Losses--;
            return new CommitReceipt(CommitStatus.Committed, Changed: granted);
        }

        return new CommitReceipt(
            fault == CommitFault.Failed ? CommitStatus.Failed : CommitStatus.Unknown);

        Admissions? AtOurTime(SaleBatch batch, FoundSale? sale, DateTimeOffset now) =>
            judge(batch, sale, clock?.GetUtcNow() ?? now);
    }
}
