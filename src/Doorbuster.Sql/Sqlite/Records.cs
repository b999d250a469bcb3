using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Sql.Sqlite;

/// <summary>An order and a payment as a transaction found them, with the rows they are in.</summary>
/// <param name="Order">The order; null where there is none.</param>
/// <param name="OrderNo">Its row.</param>
/// <param name="ShownNo">The row of the payment it shows.</param>
/// <param name="SaleNo">Its sale's number; <see cref="NoSale"/> where there is no order.</param>
/// <param name="Payment">The payment; null where there is none.</param>
/// <param name="PaymentNo">Its row.</param>
internal readonly record struct Record(
    Order? Order, long? OrderNo, long? ShownNo, long SaleNo, Payment? Payment = null, long? PaymentNo = null)
{
    public const long NoSale = 0;
}

/// <summary>Finds what a command is about, within the writer's transaction.</summary>
internal sealed class Records : IDisposable
{
    private readonly OrderIndex _index;
    private readonly Statement _order;
    private readonly Statement _range;
    private readonly Statement _paymentOfOrder;
    private readonly Statement _foreignPayment;
    private readonly Statement _lastPayment;

    public Records(Connection connection, OrderIndex index)
    {
        _index = index;
        _order = connection.Prepare(OrderRows.SelectByRow);
        _range = connection.Prepare(OrderRows.SelectRange);
        _paymentOfOrder = connection.Prepare(PaymentRows.SelectByOrder);
        _foreignPayment = connection.Prepare(PaymentRows.SelectByForeignId);
        _lastPayment = connection.Prepare("SELECT coalesce(max(no), 0) FROM payments");
    }

    /// <summary>What a command is about.</summary>
    public Record Find(OrderCommand command) => command switch
    {
        OrderCommand.OfOrder named => FindWithShown(named.Order),
        OrderCommand.Capture capture => FindForCapture(capture),
        OrderCommand.OfPayment named => Find(named.Payment),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Nothing says what it is about."),
    };

    /// <summary>
    /// How many of the commands from one on expire orders whose rows follow each other: what can be read at once.
    /// </summary>
    public int ExpiriesFrom(IReadOnlyList<OrderCommand> commands, int first)
    {
        var (count, row) = (0, 0L);
        while (first + count < commands.Count && commands[first + count] is OrderCommand.Expire expire
            && _index.TryFind(expire.Order.Key, out var next) && (count == 0 || next == row + 1))
        {
            (count, row) = (count + 1, next);
        }

        return count;
    }

    /// <summary>What expiries are about, whose rows follow each other; one read for all of them.</summary>
    public Record[] FindAll(IReadOnlyList<OrderCommand> expiries, int first, int count)
    {
        var found = new Record[count];
        _index.TryFind(((OrderCommand.Expire)expiries[first]).Order.Key, out var firstRow);
        _range.Bind(1, firstRow).Bind(2, firstRow + count - 1);
        try
        {
            while (_range.Step())
            {
                var record = ReadRow(_range);
                var place = (int)(record.OrderNo!.Value - firstRow);
                if (record.Order!.Id == ((OrderCommand.Expire)expiries[first + place]).Order)
                {
                    found[place] = WithShown(record);
                }
            }
        }
        finally
        {
            _range.Reset();
        }

        return found;
    }

    /// <summary>A payment with its order.</summary>
    public Record Find(PaymentId id)
    {
        var (payment, no, orderNo) = FindPayment(id);
        var order = orderNo is { } row ? ReadOrder(row) : default;
        return order with { Payment = payment, PaymentNo = no };
    }

    /// <summary>Whether a payment stands under a name.</summary>
    public bool IsTaken(PaymentId id) => FindPayment(id).Payment is not null;

    /// <summary>The row of the next new payment.</summary>
    public long NextPaymentNo()
    {
        _lastPayment.Step();
        var next = _lastPayment.GetInt64(0) + 1;
        _lastPayment.Reset();
        return next;
    }

    public void Dispose()
    {
        _order.Dispose();
        _range.Dispose();
        _paymentOfOrder.Dispose();
        _foreignPayment.Dispose();
        _lastPayment.Dispose();
    }

    private Record Find(OrderId id) =>
        _index.TryFind(id.Key, out var row) && ReadOrder(row) is { Order: { } order } found && order.Id == id
            ? found
            : default;

    private Record FindWithShown(OrderId id) => WithShown(Find(id));

    private static Record WithShown(in Record found) =>
        found with { Payment = found.Order?.Payment, PaymentNo = found.ShownNo };

    private Record FindForCapture(OrderCommand.Capture capture)
    {
        var (payment, no, _) = FindPayment(capture.Payment);
        var order = OrderRule.OrderOf(capture, payment) is { } id ? Find(id) : default;
        return order with { Payment = payment, PaymentNo = no };
    }

    private (Payment? Payment, long? No, long? OrderNo) FindPayment(PaymentId id)
    {
        if (id.TryRead(out var order, out var attempt) && _index.TryFind(order.Key, out var row))
        {
            // Another sale's order may have the same key, in a name that a provider made up.
            _paymentOfOrder.Bind(1, row).Bind(2, attempt);
            if (Read(_paymentOfOrder) is { Payment: { } payment } found && payment.Id == id)
            {
                return found;
            }
        }

        // A provider may have used any name, one of ours too.
        _foreignPayment.BindText(1, id.ToString());
        return Read(_foreignPayment);
    }

    private static (Payment? Payment, long? No, long? OrderNo) Read(Statement select)
    {
        try
        {
            return select.Step()
                ? (PaymentRows.Read(select, PaymentRows.First), select.GetInt64(0), select.GetNullableInt64(1))
                : default;
        }
        finally
        {
            select.Reset();
        }
    }

    private Record ReadOrder(long row)
    {
        _order.Bind(1, row);
        try
        {
            return _order.Step() ? ReadRow(_order) : default;
        }
        finally
        {
            _order.Reset();
        }
    }

    private static Record ReadRow(Statement row) =>
        new(OrderRows.Read(row), OrderRows.ReadNo(row), OrderRows.ReadPaymentNo(row), OrderRows.ReadSaleNo(row));
}
