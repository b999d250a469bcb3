using Doorbuster.Fulfilment;

namespace Doorbuster.Conformance;

/// <summary>An order store that a suite is run over, by its two ports.</summary>
/// <param name="ledger">Its side of claims.</param>
/// <param name="sales">Its side of sales.</param>
/// <param name="close">Closes it and keeps what it has on disk.</param>
public sealed class StoreUnderTest(ILedger ledger, ISaleStore sales, Func<ValueTask> close) : IAsyncDisposable
{
    private Func<ValueTask>? _close = close;

    /// <summary>The store's side of claims.</summary>
    public ILedger Ledger { get; } = ledger;

    /// <summary>The store's side of sales.</summary>
    public ISaleStore Sales { get; } = sales;

    /// <summary>Closes the store; a second call does nothing.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _close, null)?.Invoke() ?? ValueTask.CompletedTask;
}
