using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>
/// The reference order store: what every other one must do, in the fewest words. It judges each admitted claim again
/// with the one decision function, as a store does. One lock makes each call a transaction.
/// </summary>
public sealed class InMemoryStore : ILedger, ISaleStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Row> _sales = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<GateSnapshot?> CreateAsync(Sale sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var row = new Row(sale);
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
            foreach (var ofSale in admissions)
            {
                if (!_sales.TryGetValue(ofSale.Sale.ToString(), out var row) || !row.TryCommit(ofSale))
                {
                    stale.Add(ofSale.Sale);
                }
            }

            return ValueTask.FromResult(new CommitReceipt(CommitStatus.Committed, stale));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
        IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlySet<OrderKey>?>(Find(orders).Select(order => order.Id.Key).ToHashSet());

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

    /// <summary>Every order of a sale, in the order of their commits, and the sale's stock.</summary>
    public (IReadOnlyList<Order> Orders, Stock Stock) Contents(SaleId sale)
    {
        lock (_lock)
        {
            var row = _sales[sale.ToString()];
            return ([.. row.Orders], row.Stock);
        }
    }

    private Order? Find(OrderId id) =>
        _sales.TryGetValue(id.Sale.ToString(), out var row) ? row.Find(id.Key) : null;

    /// <summary>A sale's row with its orders.</summary>
    private sealed class Row(Sale sale)
    {
        private readonly Dictionary<OrderKey, Order> _byKey = [];
        private readonly Holdings _holdings = new();

        public List<Order> Orders { get; } = [];

        public Stock Stock { get; private set; } = new(sale.Quantity, sale.Quantity, 0, 0, 1);

        public long Epoch { get; set; } = 1;

        public Order? Find(OrderKey key) => _byKey.GetValueOrDefault(key);

        /// <summary>The gate takes its holdings over, so it gets a copy.</summary>
        public GateSnapshot Snapshot()
        {
            var copy = new Holdings();
            foreach (var (buyer, order) in _holdings.All())
            {
                copy.Add(buyer, order);
            }

            return new GateSnapshot(sale, Epoch, Stock, Orders.Count, copy);
        }

        public bool TryCommit(Admissions admissions)
        {
            if (admissions.Before != Orders.Count || !AllAdmitted(admissions))
            {
                return false;
            }

            foreach (var order in admissions.Orders)
            {
                Orders.Add(order);
                _byKey.Add(order.Id.Key, order);
                _holdings.Add(order.Buyer, new HeldOrder(order.Id.Key, order.Quantity));
            }

            var units = admissions.Orders.Sum(order => (long)order.Quantity);
            Stock = Stock with
            {
                Available = Stock.Available - units,
                Reserved = Stock.Reserved + units,
                Version = Stock.Version + 1,
            };
            return true;
        }

        public StoreReport Report() => new(
            Epoch, Stock, Sum(OrderStatus.Reserved), Sum(OrderStatus.Paid),
            HighestHolding(), sale.PerBuyerLimit, [.. _holdings.All().Select(held => held.Order)]);

        private bool AllAdmitted(Admissions admissions)
        {
            var facts = new SaleFacts(
                Epoch, Stock.Available, sale.PerBuyerLimit, int.MaxValue, sale.OpensAt, sale.ClosesAt, sale.Mode);
            Claim[] claims = [.. admissions.Orders.Select(order => new Claim(order.Id, order.Buyer, order.Quantity))];
            var holdings = new Holdings();
            Array.ForEach(claims, claim => holdings.Borrow(claim.Buyer, _holdings));
            var outcomes = new Outcome[claims.Length];
            Decision.Decide(facts, Judge.Store(admissions.Epoch), claims, holdings, outcomes);
            return outcomes.All(outcome => outcome == Outcome.Admitted);
        }

        private long HighestHolding() => Orders
            .GroupBy(order => order.Buyer)
            .Select(mine => mine.Sum(order => (long)order.Quantity))
            .DefaultIfEmpty()
            .Max();

        private long Sum(OrderStatus status) =>
            Orders.Where(order => order.Status == status).Sum(order => (long)order.Quantity);
    }
}
