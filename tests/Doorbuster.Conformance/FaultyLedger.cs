using System.Collections.Concurrent;
using Doorbuster.Fulfilment;

namespace Doorbuster.Conformance;

/// <summary>
/// A ledger whose commits go wrong as a test asks, over any order store: they fail, end unknown, or wait. Without a
/// fault it only forwards.
/// </summary>
/// <param name="inner">The store.</param>
public sealed class FaultyLedger(ILedger inner) : ILedger
{
    private readonly ConcurrentQueue<CommitFault> _next = new();
    private readonly ConcurrentQueue<IReadOnlyList<Admissions>> _asked = new();
    private volatile CommitHold? _hold;

    /// <summary>Every commit asked for so far, in order, whatever became of it.</summary>
    public IReadOnlyList<IReadOnlyList<Admissions>> Asked => [.. _asked];

    /// <summary>Whether reading back succeeds; while it does not, an unknown commit stays unknown.</summary>
    public bool CanReadBack { get; set; } = true;

    /// <summary>Runs before each commit and draws its fault, where none was asked for by name.</summary>
    public Func<IReadOnlyList<Admissions>, ValueTask<CommitFault>>? BeforeCommit { get; set; }

    /// <summary>Runs after each commit, before its caller is told.</summary>
    public Func<ValueTask>? AfterCommit { get; set; }

    /// <summary>Runs before each reading back, and says whether it succeeds.</summary>
    public Func<ValueTask<bool>>? BeforeReadBack { get; set; }

    /// <summary>What becomes of the next commit; asked several times, of the next several.</summary>
    public void Next(CommitFault fault) => _next.Enqueue(fault);

    /// <summary>Holds commits from now on until they are let go.</summary>
    public CommitHold Hold() => _hold = new CommitHold();

    /// <inheritdoc/>
    public async ValueTask<CommitReceipt> CommitAsync(
        IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken)
    {
        _asked.Enqueue([.. admissions]);
        if (_hold is { } hold)
        {
            await hold.PassAsync();
        }

        var drawn = BeforeCommit is { } before ? await before(admissions) : CommitFault.None;
        var fault = _next.TryDequeue(out var asked) ? asked : drawn;
        var receipt = fault is CommitFault.None or CommitFault.UnknownAndDone
            ? await inner.CommitAsync(admissions, cancellationToken)
            : new CommitReceipt(CommitStatus.Failed);
        if (AfterCommit is { } after)
        {
            await after();
        }

        return fault is CommitFault.UnknownAndDone or CommitFault.UnknownAndNotDone
            ? new CommitReceipt(CommitStatus.Unknown)
            : receipt;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
        Admissions admissions, CancellationToken cancellationToken)
    {
        var succeeds = BeforeReadBack is not { } before || await before();
        return succeeds && CanReadBack ? await inner.ReadBackAsync(admissions, cancellationToken) : null;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Order>> FindAsync(
        IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) =>
        inner.FindAsync(orders, cancellationToken);
}
