using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>
/// The reference order store: what every other one must do, in the fewest words. It judges each admitted claim again
/// with the one decision function, as a store does. One lock makes each call a transaction.
/// </summary>
public sealed partial class InMemoryStore : ILedger, ISaleStore, IOrderStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, InMemorySale> _sales = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var row = new InMemorySale(sale);
            return ValueTask.FromResult(_sales.TryAdd(sale.Id.ToString(), row) ? row.Snapshot() : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GateSnapshot>> TakeOverAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var row in _sales.Values)
            {
                row.Epoch++;
            }

            return ValueTask.FromResult<IReadOnlyList<GateSnapshot>>([.. _sales.Values.Select(row => row.Snapshot())]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SaleChangeAnswer> ChangeAsync(
        SaleId sale, SaleChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(
                _sales.TryGetValue(sale.ToString(), out var row)
                    ? TellOfTerms(row, row.Change(change, now))
                    : new SaleChangeAnswer(SaleChangeOutcome.Unknown));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Sale?> FindAsync(SaleId sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(_sales.GetValueOrDefault(sale.ToString())?.Sale);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, Stock Stock)>> StockAsync(
        IReadOnlyList<SaleId> sales, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<(SaleId, Stock)>>(
            [
                .. from sale in sales
                   where _sales.ContainsKey(sale.ToString())
                   select (sale, _sales[sale.ToString()].Stock),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreReport?> ReportAsync(SaleId sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(_sales.GetValueOrDefault(sale.ToString())?.Report());
        }
    }

    /// <inheritdoc/>
    public ValueTask<CommitReceipt> CommitAsync(
        IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var stale = new HashSet<SaleId>();
            var changed = new HashSet<SaleId>();
            foreach (var ofSale in admissions)
            {
                if (!_sales.TryGetValue(ofSale.Sale.ToString(), out var row) || !row.Knew(ofSale))
                {
                    stale.Add(ofSale.Sale);
                }
                else if (row.Sale.Revision != ofSale.Revision)
                {
                    changed.Add(ofSale.Sale);
                }
                else if (row.AllAdmitted(ofSale))
                {
                    row.Commit(ofSale);
                    ReviveAll(row, ofSale);
                }
                else
                {
                    stale.Add(ofSale.Sale);
                }
            }

            return ValueTask.FromResult(new CommitReceipt(CommitStatus.Committed, stale, changed));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
        Admissions admissions, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var reserved = admissions.Orders.Select(order => Find(order.Id)).OfType<Order>();
            var revived = admissions.Revivals
                .Where(claim => Find(claim.Order) is { Status: OrderStatus.Paid } order
                    && order.Payment?.Id == claim.Revival!.Payment)
                .Select(claim => claim.Order.Key);
            return ValueTask.FromResult<IReadOnlySet<OrderKey>?>(
                reserved.Select(order => order.Id.Key).Concat(revived).ToHashSet());
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Order>> FindAsync(
        IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) => ValueTask.FromResult(Find(orders));

    /// <summary>The orders that stand under these ids, now.</summary>
    public IReadOnlyList<Order> Find(params IReadOnlyList<OrderId> orders)
    {
        lock (_lock)
        {
            return [.. orders.Select(Find).OfType<Order>()];
        }
    }

    /// <summary>A sale as it stands, under the epoch that it has.</summary>
    public GateSnapshot TakeSnapshot(SaleId sale)
    {
        lock (_lock)
        {
            return _sales[sale.ToString()].Snapshot();
        }
    }

    /// <summary>Every order of a sale, in the order of their commits, and the sale's stock.</summary>
    public (IReadOnlyList<Order> Orders, Stock Stock) Contents(SaleId sale)
    {
        lock (_lock)
        {
            var row = _sales[sale.ToString()];
            return (row.Orders, row.Stock);
        }
    }

    private Order? Find(OrderId id) =>
        _sales.TryGetValue(id.Sale.ToString(), out var row) ? row.Find(id.Key) : null;
}
