using System.Runtime.InteropServices;
using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;

namespace Doorbuster.Simulation.Storage;

/// <summary>One sale as the disk has it: its terms, its stock, its orders and its transitions.</summary>
/// <param name="sale">Its terms.</param>
/// <param name="reopened">Told each time that it has units again.</param>
internal sealed class DurableSale(Sale sale, Action<SaleId>? reopened = null)
{
    private readonly Dictionary<OrderKey, int> _places = [];
    private readonly List<Order> _orders = [];
    private readonly Dictionary<string, int> _replenished = new(StringComparer.Ordinal);
    private readonly List<SaleEvent> _events = [];

    /// <summary>Its terms.</summary>
    public Sale Sale { get; private set; } = sale;

    /// <summary>Its units, as its row has them.</summary>
    public Stock Stock { get; private set; } = new(sale.Quantity, sale.Quantity, 0, 0, 0);

    /// <summary>Grows each time that a node takes it over.</summary>
    public long Epoch { get; set; } = 1;

    /// <summary>Whether its gate was removed for good.</summary>
    public bool IsOver { get; set; }

    /// <summary>Claims admitted in its whole life.</summary>
    public long Admitted { get; private set; }

    /// <summary>Grows with everything that is written of it.</summary>
    public long Version { get; private set; }

    /// <summary>Grows with each transaction that changes what is available.</summary>
    public long AvailableVersion { get; set; }

    /// <summary>The revision under which price, opening or limit changed last.</summary>
    public long TermsRevision { get; private set; }

    /// <summary>
    /// Its orders, in the order of their commits. Nobody else writes here: the list itself is what the auditor goes
    /// through after every write, and through an interface each order would cost it three calls.
    /// </summary>
    public List<Order> Orders => _orders;

    /// <summary>Its transitions.</summary>
    public IReadOnlyList<SaleEvent> Events => _events;

    public Order? Find(OrderKey key) => _places.TryGetValue(key, out var place) ? _orders[place] : null;

    /// <summary>All that a node needs to open the sale's gate.</summary>
    public GateSnapshot Snapshot()
    {
        var holdings = new Holdings();
        foreach (var order in _orders)
        {
            holdings.Add(order.Buyer, new HeldOrder(order.Id.Key, order.Held, order.Held == 0 ? 0 : order.Turn));
        }

        return new GateSnapshot(Sale, Epoch, Stock, Admitted, holdings);
    }

    /// <summary>Whether what was admitted was decided on the state that stands.</summary>
    public bool Knew(Admissions admissions) =>
        admissions.Epoch == Epoch && admissions.Before == Admitted && admissions.Units <= Stock.Available;

    /// <summary>Whether an operator changed the sale after it was decided.</summary>
    public bool HasNewTerms(Admissions admissions) => admissions.Revision != Sale.Revision;

    /// <summary>Whether an id among these is there already, or is there twice.</summary>
    public bool HasAnyOf(IReadOnlyList<Order> orders)
    {
        for (var i = 0; i < orders.Count; i++)
        {
            var key = orders[i].Id.Key;
            if (_places.ContainsKey(key))
            {
                return true;
            }

            for (var j = 0; j < i; j++)
            {
                if (orders[j].Id.Key == key)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>New orders; what late money revives is a transition of an order that is there.</summary>
    public void Add(Admissions admissions)
    {
        Admitted += admissions.Count;
        var units = 0L;
        foreach (var order in admissions.Orders)
        {
            _places.Add(order.Id.Key, _orders.Count);
            _orders.Add(order);
            units += order.Quantity;
            Append(EventKind.OrderReserved, order.ReservedAt, order, null);
        }

        Move(-units, units, 0);
    }

    /// <summary>The one rule of admitted claims, over what stands here.</summary>
    public FulfilmentRule Rule(
        IReadOnlyDictionary<PaymentId, Payment> payments, IReadOnlyDictionary<DeadLetterId, long> buried,
        DateTimeOffset now) => new(
        new FulfilmentFacts(
            Epoch, TermsRevision, Stock.Available, Sale.PerBuyerLimit, Sale.Price, Sale.PaymentWindow),
        _orders.ToDictionary(order => order.Id.Key), payments, Snapshot().Holdings, now)
        {
            Buried = buried,
        };

    /// <summary>An admitted claim has become an order, reserved or rejected.</summary>
    public void Add(Order order, DateTimeOffset now)
    {
        _places.Add(order.Id.Key, _orders.Count);
        _orders.Add(order);
        Append(EventKinds.Of(null, order)!.Value, now, order, null);
        if (order.Held > 0)
        {
            Admitted++;
            Move(-order.Quantity, order.Quantity, 0);
        }
    }

    /// <summary>Late money's claim was admitted.</summary>
    public void Admit() => Admitted++;

    /// <summary>An order goes from one state to another, by compare-and-set.</summary>
    public void Transit(Order before, Order after)
    {
        ref var row = ref CollectionsMarshal.AsSpan(_orders)[_places[before.Id.Key]];
        if (row.Revision != before.Revision || row.Status != before.Status)
        {
            throw new InvalidOperationException($"Order {before.Id} was not as it had just been read.");
        }

        row = after;
        Move(
            Ended(before) - Ended(after),
            In(after, OrderStatus.Reserved) - In(before, OrderStatus.Reserved),
            In(after, OrderStatus.Paid) - In(before, OrderStatus.Paid));
    }

    public void Append(EventKind kind, DateTimeOffset at, Order? order, PaymentId? payment)
    {
        Version++;
        _events.Add(new SaleEvent(
            _events.Count + 1, kind, at, order?.Id, kind < EventKind.PaymentCreated ? order!.Revision : 0, payment,
            SaleRevision: 0, order?.Quantity ?? 0));
    }

    public SaleChangeAnswer Change(SaleChange change, DateTimeOffset now)
    {
        var replenish = change as SaleChange.Replenish;
        int? before = replenish is not null && _replenished.TryGetValue(replenish.RequestId, out var added)
            ? added
            : null;
        var answer = SaleRule.Decide(Sale, change, before, now, Admitted > 0);
        if (answer is { Outcome: SaleChangeOutcome.Done, Sale: { } changed })
        {
            var more = changed.Quantity - Sale.Quantity;
            var isOfClaims = (changed.Price, changed.OpensAt, changed.PerBuyerLimit)
                != (Sale.Price, Sale.OpensAt, Sale.PerBuyerLimit);
            TermsRevision = isOfClaims ? changed.Revision : TermsRevision;
            Sale = changed;
            Stock = Stock with { Quantity = Stock.Quantity + more };
            Move(more, 0, 0);
            _events.Add(new SaleEvent(
                _events.Count + 1, EventKinds.Of(change), now, null, 0, null, changed.Revision, more));
            if (replenish is not null)
            {
                _replenished[replenish.RequestId] = more;
            }
        }

        return answer;
    }

    /// <summary>Units that were added under a request id; 0 for none.</summary>
    public int AddedUnder(string requestId) => _replenished.GetValueOrDefault(requestId);

    public StoreReport Report() => new(
        Epoch, Stock, Sum(OrderStatus.Reserved), Sum(OrderStatus.Paid), HighestHolding(), Sale.PerBuyerLimit,
        _orders.ConvertAll(order => new HeldOrder(order.Id.Key, order.Held, order.Turn)));

    /// <summary>Units of an order that has ended: they can be sold again.</summary>
    private static long Ended(Order order) =>
        order.Status is OrderStatus.Cancelled or OrderStatus.Expired ? -order.Quantity : 0;

    private static long In(Order order, OrderStatus status) => order.Status == status ? order.Quantity : 0;

    private void Move(long available, long reserved, long sold)
    {
        Version++;
        AvailableVersion += available == 0 ? 0 : 1;
        var wasEmpty = Stock.Available == 0;
        Stock = Stock with
        {
            Available = Stock.Available + available,
            Reserved = Stock.Reserved + reserved,
            Sold = Stock.Sold + sold,
            Version = Stock.Version + 1,
        };
        if (wasEmpty && available > 0)
        {
            reopened?.Invoke(Sale.Id);
        }
    }

    private long HighestHolding()
    {
        var held = new Dictionary<BuyerId, long>();
        foreach (var order in _orders)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(held, order.Buyer, out _) += order.Held;
        }

        return held.Values.DefaultIfEmpty().Max();
    }

    private long Sum(OrderStatus status)
    {
        var sum = 0L;
        foreach (var order in _orders)
        {
            sum += In(order, status);
        }

        return sum;
    }
}
