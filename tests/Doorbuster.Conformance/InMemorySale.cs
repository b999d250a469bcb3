using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>One sale of the reference store: its row, its orders, and its transitions.</summary>
internal sealed class InMemorySale(Sale sale)
{
    private readonly Dictionary<OrderKey, Order> _byKey = [];
    private readonly List<OrderKey> _inOrder = [];
    private readonly Dictionary<string, int> _replenished = new(StringComparer.Ordinal);
    private long _admitted;

    public Sale Sale { get; private set; } = sale;

    public Stock Stock { get; private set; } = new(sale.Quantity, sale.Quantity, 0, 0, 1);

    public long Epoch { get; set; } = 1;

    /// <summary>Grows with each change of what is available.</summary>
    public long AvailableVersion { get; private set; }

    /// <summary>Claims admitted in the sale's life.</summary>
    public long Admitted => _admitted;

    /// <summary>The revision under which price, opening or limit changed last.</summary>
    public long TermsRevision { get; private set; }

    public List<SaleEvent> Events { get; } = [];

    public IReadOnlyList<Order> Orders => [.. _inOrder.Select(key => _byKey[key])];

    public Order? Find(OrderKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>Whether the gate was removed for good.</summary>
    public bool IsOver { get; set; }

    public GateSnapshot Snapshot() => new(Sale, Epoch, Stock, _admitted, Holdings());

    /// <summary>The one rule of admitted claims, over what stands here.</summary>
    public FulfilmentRule Rule(
        IReadOnlyDictionary<PaymentId, Payment> payments, IReadOnlyDictionary<DeadLetterId, long> buried,
        DateTimeOffset now) => new(
        new FulfilmentFacts(
            Epoch, TermsRevision, Stock.Available, Sale.PerBuyerLimit, Sale.Price, Sale.PaymentWindow),
        _byKey, payments, Holdings(), now)
        {
            Buried = buried,
        };

    /// <summary>An admitted claim has become an order, reserved or rejected.</summary>
    public void Add(Order order, DateTimeOffset now)
    {
        _inOrder.Add(order.Id.Key);
        _byKey.Add(order.Id.Key, order);
        Append(EventKinds.Of(null, order)!.Value, now, order, null);
        if (order.Held > 0)
        {
            _admitted++;
            Move(available: -order.Quantity, reserved: order.Quantity, sold: 0);
        }
    }

    /// <summary>Late money's claim was admitted.</summary>
    public void Admit() => _admitted++;

    /// <summary>Whether the gate that admitted these knew every order that stands.</summary>
    public bool Knew(Admissions admissions) => admissions.Epoch == Epoch && admissions.Before == _admitted;

    /// <summary>Whether the one rule admits all of it again, over what stands here.</summary>
    public bool AllAdmitted(Admissions admissions)
    {
        var facts = new SaleFacts(
            Epoch, Stock.Available, Sale.PerBuyerLimit, int.MaxValue, Sale.OpensAt, Sale.ClosesAt, Sale.Mode);
        Claim[] claims =
        [
            .. admissions.Orders.Select(order => new Claim(order.Id, order.Buyer, order.Quantity)),
            .. admissions.Revivals,
        ];
        var outcomes = new Outcome[claims.Length];
        Decision.Decide(facts, Judge.Store(admissions.Epoch), claims, Holdings(), outcomes);
        return outcomes.All(outcome => outcome == Outcome.Admitted);
    }

    /// <summary>Commits new orders; revivals are transitions of orders that stand.</summary>
    public void Commit(Admissions admissions)
    {
        _admitted += admissions.Count;
        foreach (var order in admissions.Orders)
        {
            _inOrder.Add(order.Id.Key);
            _byKey.Add(order.Id.Key, order);
            Append(EventKind.OrderReserved, order.ReservedAt, order, null);
        }

        var units = admissions.Orders.Sum(order => (long)order.Quantity);
        Move(available: -units, reserved: units, sold: 0);
    }

    /// <summary>An order goes from one state to another, by compare-and-set.</summary>
    public void Transit(Order before, Order after)
    {
        if (_byKey[before.Id.Key] != before)
        {
            throw new InvalidOperationException($"Order {before.Id} was not as it had just been read.");
        }

        _byKey[before.Id.Key] = after;
        Move(
            Units(after, Ended) - Units(before, Ended),
            Units(after, OrderStatus.Reserved) - Units(before, OrderStatus.Reserved),
            Units(after, OrderStatus.Paid) - Units(before, OrderStatus.Paid));
    }

    public void Append(EventKind kind, DateTimeOffset at, Order? order, PaymentId? payment) =>
        Events.Add(new SaleEvent(
            Events.Count + 1, kind, at, order?.Id, kind < EventKind.PaymentCreated ? order!.Revision : 0, payment,
            SaleRevision: 0, order?.Quantity ?? 0));

    public SaleChangeAnswer Change(SaleChange change, DateTimeOffset now)
    {
        var replenish = change as SaleChange.Replenish;
        int? before = replenish is not null && _replenished.TryGetValue(replenish.RequestId, out var added)
            ? added
            : null;
        var answer = SaleRule.Decide(Sale, change, before, now, _admitted > 0);
        if (answer is { Outcome: SaleChangeOutcome.Done, Sale: { } changed })
        {
            var more = changed.Quantity - Sale.Quantity;
            var isOfClaims = (changed.Price, changed.OpensAt, changed.PerBuyerLimit)
                != (Sale.Price, Sale.OpensAt, Sale.PerBuyerLimit);
            TermsRevision = isOfClaims ? changed.Revision : TermsRevision;
            Sale = changed;
            Stock = Stock with { Quantity = Stock.Quantity + more };
            Move(more, 0, 0);
            Events.Add(new SaleEvent(
                Events.Count + 1, EventKinds.Of(change), now, null, 0, null, changed.Revision, more));
            if (replenish is not null)
            {
                _replenished.Add(replenish.RequestId, more);
            }
        }

        return answer;
    }

    public StoreReport Report() => new(
        Epoch, Stock, Sum(OrderStatus.Reserved), Sum(OrderStatus.Paid), HighestHolding(), Sale.PerBuyerLimit,
        [.. Orders.Select(order => new HeldOrder(order.Id.Key, order.Held, order.Turn))])
    {
        Owners = Orders.Aggregate(
            default(Ownership), (owners, order) => owners.With(order.Id.Key, order.Buyer.GetHashCode())),
        Admitted = _admitted,
    };

    private const OrderStatus Ended = default;

    private static long Units(Order order, OrderStatus status) =>
        (order.Held == 0 ? Ended : order.Status) == status ? order.Quantity : 0;

    private void Move(long available, long reserved, long sold)
    {
        AvailableVersion += available == 0 ? 0 : 1;
        Stock = Stock with
        {
            Available = Stock.Available + available,
            Reserved = Stock.Reserved + reserved,
            Sold = Stock.Sold + sold,
            Version = Stock.Version + 1,
        };
    }

    private Holdings Holdings()
    {
        var holdings = new Holdings();
        foreach (var order in Orders)
        {
            holdings.Add(order.Buyer, new HeldOrder(order.Id.Key, order.Held, order.Held == 0 ? 0 : order.Turn));
        }

        return holdings;
    }

    private long HighestHolding() => Orders
        .GroupBy(order => order.Buyer)
        .Select(mine => mine.Sum(order => (long)order.Held))
        .DefaultIfEmpty()
        .Max();

    private long Sum(OrderStatus status) =>
        Orders.Where(order => order.Status == status).Sum(order => (long)order.Quantity);
}
