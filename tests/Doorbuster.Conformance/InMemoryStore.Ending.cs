using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>The reference store's side of sales that are over.</summary>
public sealed partial class InMemoryStore : ISaleEnding
{
    /// <inheritdoc/>
    public ValueTask<bool> PrepareAsync(SaleId sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(Endable(sale) is not null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(SaleId sale, long epoch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Endable(sale) is not { } row || row.Epoch != epoch)
            {
                return ValueTask.FromResult(
                    _sales.TryGetValue($"{sale}", out var known) && known.IsOver && known.Epoch == epoch + 1);
            }

            row.IsOver = true;
            row.Epoch++;
            foreach (var entry in _outbox.Values.Where(entry => entry.Sale == sale).ToList())
            {
                _outbox.Remove(entry.Id);
            }

            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HeldOrder>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<HeldOrder>>(
            [
                .. _sales[$"{sale}"].Orders.Where(order => order.Buyer == buyer)
                    .Select(order => new HeldOrder(order.Id.Key, order.Held, order.Turn)),
            ]);
        }
    }

    private InMemorySale? Endable(SaleId sale) =>
        _sales.TryGetValue($"{sale}", out var row) && row is { IsOver: false, Sale.Mode: SaleMode.Closed }
        && !_deadLetters.Exists(letter => letter.Claim.Order.Sale == sale)
            ? row
            : null;
}
