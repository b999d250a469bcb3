using Doorbuster.Orders;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// What one transaction does to the stock and the transitions of the sales it touches: events are numbered as they
/// come, those that follow each other from row to row are one row, and each sale's units are written once, at the end.
/// </summary>
internal sealed class StockChanges : IDisposable
{
    private const string Move =
        """
        UPDATE stock
        SET available = available + ?2, reserved = reserved + ?3, sold = sold + ?4, events = ?5, version = version + 1
        WHERE sale_no = ?1
        """;

    private readonly Statement _events;
    private readonly Statement _move;
    private readonly Statement _insertEvent;
    private readonly SortedDictionary<long, Units> _sales = [];

    public StockChanges(Connection connection)
    {
        _events = connection.Prepare("SELECT events FROM stock WHERE sale_no = ?1");
        _move = connection.Prepare(Move);
        _insertEvent = connection.Prepare(EventRows.Insert);
    }

    /// <summary>Begins a transaction's changes.</summary>
    public void Begin() => _sales.Clear();

    /// <summary>An order has gone from one state to another.</summary>
    public void Transit(long saleNo, Order before, Order after) =>
        Of(saleNo).Moved.Move(before.Status, after.Status, after.Quantity);

    /// <summary>Appends what a command has changed.</summary>
    /// <param name="before">What it found.</param>
    /// <param name="after">Its answer.</param>
    /// <param name="paymentNo">The row of the payment that stands now.</param>
    /// <param name="now">When.</param>
    public void Append(in Record before, in OrderAnswer after, long? paymentNo, DateTimeOffset now)
    {
        foreach (var ofPayment in EventKinds.Of(before.Payment, after.Payment))
        {
            Append(before.SaleNo, new EventRow(0, ofPayment, now, OrderNo: before.OrderNo, PaymentNo: paymentNo));
        }

        if (EventKinds.Of(before.Order, after.Order) is { } ofOrder)
        {
            Append(
                before.SaleNo,
                new EventRow(
                    0, ofOrder, now, OrderNo: before.OrderNo, OrderRevision: after.Order!.Revision,
                    PaymentNo: EventKinds.NamesPayment(ofOrder) ? paymentNo : null));
        }
    }

    /// <summary>Numbers a transition and appends it; each sale's last are written by <see cref="Write"/>.</summary>
    public void Append(long saleNo, in EventRow row)
    {
        var sale = Of(saleNo);
        if (sale.Open is { } open && open.IsContinuedBy(row))
        {
            sale.Open = open with { Count = open.Count + row.Count };
        }
        else
        {
            WriteOpen(saleNo, sale);
            sale.Open = row with { First = sale.Events + 1 };
        }

        sale.Events += row.Count;
    }

    /// <summary>Writes every touched sale's stock.</summary>
    public void Write()
    {
        foreach (var (saleNo, units) in _sales)
        {
            WriteOpen(saleNo, units);
            _move
                .Bind(1, saleNo).Bind(2, units.Moved.Available).Bind(3, units.Moved.Reserved)
                .Bind(4, units.Moved.Sold).Bind(5, units.Events)
                .Run();
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        _move.Dispose();
        _insertEvent.Dispose();
    }

    private void WriteOpen(long saleNo, Units sale)
    {
        if (sale.Open is { } open)
        {
            EventRows.Write(_insertEvent, saleNo, open);
            sale.Open = null;
        }
    }

    private Units Of(long saleNo)
    {
        if (!_sales.TryGetValue(saleNo, out var units))
        {
            _events.Bind(1, saleNo);
            units = new Units { Events = _events.Step() ? _events.GetInt64(0) : 0 };
            _events.Reset();
            _sales.Add(saleNo, units);
        }

        return units;
    }

    private sealed class Units
    {
        /// <summary>Where its units go.</summary>
        public UnitMoves Moved;

        public long Events { get; set; }

        /// <summary>The newest transitions, which the next may continue.</summary>
        public EventRow? Open { get; set; }
    }
}
