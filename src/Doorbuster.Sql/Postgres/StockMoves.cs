using Doorbuster.Orders;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// What one transaction does to the units, the holdings and the transitions of the sales whose rows it has locked:
/// gathered while it decides, written at its end, a statement each.
/// </summary>
/// <param name="holders">
/// Those of the buyers who have a holdings row, where that was read under the sales' locks; null where it was not. Rows
/// of the others are then written without a look for conflicts, which takes a quarter to a half off that statement.
/// </param>
/// <param name="notesOrders">Whether each buyer's orders are noted with what the buyer holds.</param>
internal sealed class StockMoves(
    IReadOnlySet<(int SaleNo, BuyerId Buyer)>? holders = null, bool notesOrders = false)
{
    private const string InsertEvents =
        """
        INSERT INTO events (sale_no, no, kind, at, order_key, order_revision, payment_no, sale_revision, quantity)
        SELECT n.sale_no, n.no, n.kind, n.at, n.order_key, n.order_revision, n.payment_no, 0, n.quantity
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
             AS n (sale_no, no, kind, at, order_key, order_revision, payment_no, quantity)
        """;

    private readonly Dictionary<int, Units> _sales = [];
    private readonly List<(int SaleNo, Order Order, int AtMost, long Place)> _reserved = [];
    private readonly List<(int SaleNo, Order Order, long Place)> _rejected = [];
    private readonly List<(int SaleNo, BuyerId Buyer, int Units)> _held = [];
    private readonly List<EventRow> _events = [];

    /// <summary>Claims become orders, in the order given: each is numbered as a transition of its sale.</summary>
    public void Reserve(LockedSale sale, IReadOnlyList<Order> orders)
    {
        var units = Of(sale);
        foreach (var order in orders)
        {
            units.Moved.Move(null, order.Status, order.Quantity);
            units.Admitted++;
            _reserved.Add((sale.No, order, sale.PerBuyerLimit, sale.Events + ++units.Events));
        }
    }

    /// <summary>A claim that a gate had admitted is rejected: a row, a transition, and no units.</summary>
    public void Reject(LockedSale sale, Order order, DateTimeOffset at)
    {
        var place = sale.Events + ++Of(sale).Events;
        _rejected.Add((sale.No, order, place));
        _events.Add(new EventRow(
            sale.No, place, EventKind.OrderRejected, at, order.Id.Key, order.Revision, null, order.Quantity));
    }

    /// <summary>Late money's claim was admitted; what it does to its order is a transition of that.</summary>
    public void Admit(LockedSale sale) => Of(sale).Admitted++;

    /// <summary>An order has gone from one state to another.</summary>
    public void Transit(LockedSale sale, Order before, Order after)
    {
        Of(sale).Moved.Move(before.Status, after.Status, after.Quantity);
        if (before.Held != after.Held)
        {
            _held.Add((sale.No, after.Buyer, after.Held - before.Held));
        }
    }

    /// <summary>Numbers a transition and appends it.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="at">When.</param>
    /// <param name="order">The order that it happened to.</param>
    /// <param name="revision">The order's revision afterwards; 0 where it is the payment's transition.</param>
    /// <param name="paymentNo">The payment's row, where one is concerned.</param>
    public void Append(
        LockedSale sale, EventKind kind, DateTimeOffset at, Order order, int revision, long? paymentNo) =>
        _events.Add(new EventRow(
            sale.No, sale.Events + ++Of(sale).Events, kind, at, order.Id.Key, revision, paymentNo, order.Quantity));

    /// <summary>Those of the sales that had no unit left, and have some with this.</summary>
    public IEnumerable<SaleId> Reopened(IEnumerable<LockedSale> sales) => sales
        .Where(sale => sale.Available == 0 && _sales.TryGetValue(sale.No, out var units) && units.Moved.Available > 0)
        .Select(sale => sale.Id);

    /// <summary>Adds the statements that write all of it.</summary>
    public void AddTo(Writes writes)
    {
        AddSales(writes);
        AddOrdersTo(writes);
    }

    /// <summary>The same without the sales' own rows, which have been changed already.</summary>
    public void AddOrdersTo(Writes writes)
    {
        AddReserved(writes);
        AddRejected(writes);
        if (_held.Count > 0)
        {
            writes.Add(
                OrderRows.UpdateHoldings,
                Parameters.Of([.. _held.Select(h => h.SaleNo)]),
                Parameters.Of([.. _held.Select(h => (string?)h.Buyer.ToString())]),
                Parameters.Of([.. _held.Select(h => h.Units)]));
        }

        writes.Add(
            _events.Count, InsertEvents,
            Parameters.Of([.. _events.Select(e => e.SaleNo)]),
            Parameters.Of([.. _events.Select(e => e.No)]),
            Parameters.Of([.. _events.Select(e => (short)e.Kind)]),
            Parameters.Of([.. _events.Select(e => e.At.UtcDateTime)]),
            Parameters.Of([.. _events.Select(e => Parameters.ToGuid(e.Order))]),
            Parameters.Of([.. _events.Select(e => e.OrderRevision)]),
            Parameters.Of([.. _events.Select(e => e.PaymentNo)]),
            Parameters.Of([.. _events.Select(e => e.Quantity)]));
    }

    private void AddSales(Writes writes) => writes.Add(
        _sales.Count, SaleRows.Move,
        Parameters.Of([.. _sales.Keys]),
        Parameters.Of([.. _sales.Values.Select(units => units.Moved.Available)]),
        Parameters.Of([.. _sales.Values.Select(units => units.Moved.Reserved)]),
        Parameters.Of([.. _sales.Values.Select(units => units.Moved.Sold)]),
        Parameters.Of([.. _sales.Values.Select(units => units.Admitted)]),
        Parameters.Of([.. _sales.Values.Select(units => units.Events)]));

    private void AddReserved(Writes writes)
    {
        var saleNos = Column(r => r.SaleNo);
        var keys = Column(r => Parameters.ToGuid(r.Order.Id.Key));
        var places = Column(r => r.Place);
        var buyers = Column(r => (string?)r.Order.Buyer.ToString());
        var quantities = Column(r => r.Order.Quantity);
        var revisions = Column(r => r.Order.Revision);
        var reservedAt = Column(r => r.Order.ReservedAt.UtcDateTime);
        writes.Add(
            _reserved.Count, OrderRows.Insert,
            Parameters.Of(saleNos), Parameters.Of(keys), Parameters.Of(places), Parameters.Of(buyers),
            Parameters.Of(quantities), Parameters.Of(Column(r => r.Order.Amount.Amount)), Parameters.Of(revisions),
            Parameters.Of(Column(r => r.Order.CreatedAt.UtcDateTime)), Parameters.Of(reservedAt),
            Parameters.Of(Column(r => r.Order.ExpiresAt.UtcDateTime)));
        writes.Add(
            _reserved.Count, OrderRows.InsertReservations,
            Parameters.Of(saleNos), Parameters.Of(places), Parameters.Of(reservedAt), Parameters.Of(keys),
            Parameters.Of(revisions), Parameters.Of(quantities));
        if (notesOrders)
        {
            NotedOrders.AddTo(writes, _reserved, holders ?? new HashSet<(int, BuyerId)>());
        }
        else
        {
            AddHoldings(writes);
        }
    }

    private void AddHoldings(Writes writes)
    {
        var held = new Dictionary<(int SaleNo, BuyerId Buyer), (int Units, int AtMost)>(_reserved.Count);
        foreach (var (saleNo, order, atMost, _) in _reserved)
        {
            var buyer = (saleNo, order.Buyer);
            held[buyer] = (held.GetValueOrDefault(buyer).Units + order.Quantity, atMost);
        }

        var known = held.ToLookup(one => holders?.Contains(one.Key) != false);
        var (some, newcomers) = (known[true].ToArray(), known[false].ToArray());
        writes.Add(newcomers.Length, OrderRows.InsertHolders, Columns(newcomers));
        if (some.Length > 0)
        {
            writes.Add(OrderRows.InsertHoldings, Columns(some));
        }

        static NpgsqlParameter[] Columns(
            KeyValuePair<(int SaleNo, BuyerId Buyer), (int Units, int AtMost)>[] rows) =>
        [
            Parameters.Of(Array.ConvertAll(rows, row => row.Key.SaleNo)),
            Parameters.Of(Array.ConvertAll(rows, row => (string?)row.Key.Buyer.ToString())),
            Parameters.Of(Array.ConvertAll(rows, row => row.Value.Units)),
            Parameters.Of(Array.ConvertAll(rows, row => row.Value.AtMost)),
        ];
    }

    private void AddRejected(Writes writes) => writes.Add(
        _rejected.Count, OrderRows.InsertRejected,
        Parameters.Of([.. _rejected.Select(r => r.SaleNo)]),
        Parameters.Of([.. _rejected.Select(r => Parameters.ToGuid(r.Order.Id.Key))]),
        Parameters.Of([.. _rejected.Select(r => r.Place)]),
        Parameters.Of([.. _rejected.Select(r => (string?)r.Order.Buyer.ToString())]),
        Parameters.Of([.. _rejected.Select(r => r.Order.Quantity)]),
        Parameters.Of([.. _rejected.Select(r => r.Order.Amount.Amount)]),
        Parameters.Of([.. _rejected.Select(r => r.Order.CreatedAt.UtcDateTime)]),
        Parameters.Of([.. _rejected.Select(r => (short)r.Order.Rejection!.Value)]));

    private T[] Column<T>(Func<(int SaleNo, Order Order, int AtMost, long Place), T> cell)
    {
        var column = new T[_reserved.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = cell(_reserved[i]);
        }

        return column;
    }

    private Units Of(LockedSale sale)
    {
        if (!_sales.TryGetValue(sale.No, out var units))
        {
            _sales.Add(sale.No, units = new Units());
        }

        return units;
    }

    private sealed class Units
    {
        /// <summary>Where its units go.</summary>
        public UnitMoves Moved;

        public long Admitted { get; set; }

        public long Events { get; set; }
    }

    private readonly record struct EventRow(
        int SaleNo, long No, EventKind Kind, DateTimeOffset At, OrderKey Order, int OrderRevision, long? PaymentNo,
        int Quantity);
}
