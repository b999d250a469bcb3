using Doorbuster.Fulfilment;
using Doorbuster.Orders;

namespace Doorbuster.Conformance;

/// <summary>An order store that a suite is run over, by its ports.</summary>
/// <param name="ledger">Its side of claims.</param>
/// <param name="sales">Its side of sales.</param>
/// <param name="orders">Its side of what becomes of orders.</param>
/// <param name="close">Closes it and keeps what it has on disk.</param>
public sealed class StoreUnderTest(
    ILedger ledger, ISaleStore sales, IOrderStore orders, Func<ValueTask> close) : IAsyncDisposable
{
    private Func<ValueTask>? _close = close;

    /// <summary>The store's side of claims.</summary>
    public ILedger Ledger { get; } = ledger;

    /// <summary>The store's side of sales.</summary>
    public ISaleStore Sales { get; } = sales;

    /// <summary>The store's side of what becomes of orders.</summary>
    public IOrderStore Orders { get; } = orders;

    /// <summary>Closes the store; a second call does nothing.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _close, null)?.Invoke() ?? ValueTask.CompletedTask;
}
