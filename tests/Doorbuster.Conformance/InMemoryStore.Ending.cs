using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>The reference store's side of sales that are over.</summary>
public sealed partial class InMemoryStore : ISaleEnding
{
    /// <inheritdoc/>
    public ValueTask<long?> PrepareAsync(SaleId sale, long prepared, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(Endable(sale)?.Events.Count is { } events ? events : (long?)null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(
        SaleId sale, long epoch, long prepared, CancellationToken cancellationToken)
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
    public ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> OrdersOfAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var orders = _sales[$"{sale}"].Orders.ToLookup(
                order => order.Buyer, order => new HeldOrder(order.Id.Key, order.Held, order.Turn));
            return ValueTask.FromResult<IReadOnlyList<IReadOnlyList<HeldOrder>>>(
                [.. buyers.Select(buyer => orders[buyer].ToArray())]);
        }
    }

    private InMemorySale? Endable(SaleId sale) =>
        _sales.TryGetValue($"{sale}", out var row) && row is { IsOver: false, Sale.Mode: SaleMode.Closed }
        && !_deadLetters.Exists(letter => letter.Claim.Order.Sale == sale)
            ? row
            : null;
}
