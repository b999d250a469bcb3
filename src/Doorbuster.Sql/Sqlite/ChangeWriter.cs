using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Writes what commands make of orders and payments; its caller has the writer's turn. Order, stock, payment and
/// transitions of a whole batch are one transaction.
/// </summary>
internal sealed class ChangeWriter : IDisposable
{
    private readonly Connection _connection;
    private readonly Fence _fence;
    private readonly Records _records;
    private readonly StockChanges _stock;
    private readonly ExpiryWriter _expiries;
    private readonly Statement _updateOrder;
    private readonly Statement _insertPayment;
    private readonly Statement _updatePayment;

    public ChangeWriter(Connection connection, OrderIndex index, Fence fence)
    {
        _connection = connection;
        _fence = fence;
        _records = new Records(connection, index);
        _stock = new StockChanges(connection);
        _expiries = new ExpiryWriter(connection, _records, _stock);
        _updateOrder = connection.Prepare(OrderRows.Update);
        _insertPayment = connection.Prepare(PaymentRows.Insert);
        _updatePayment = connection.Prepare(PaymentRows.Update);
    }

    /// <summary>Decides and commits commands.</summary>
    /// <exception cref="SqliteException">Nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">Another process owns the store.</exception>
    /// <exception cref="OutcomeUnknownException">They may have been written or not.</exception>
    public IReadOnlyList<OrderAnswer> Apply(IReadOnlyList<OrderCommand> commands, DateTimeOffset now)
    {
        var answers = new OrderAnswer[commands.Count];
        Transaction.Run(_connection, _fence, () =>
        {
            _stock.Begin();
            for (var i = 0; i < commands.Count;)
            {
                i += Apply(commands, i, answers, now);
            }

            _stock.Write();
        });
        return answers;
    }

    /// <summary>
    /// Pays expired orders whose units a gate has taken again; within a transaction of the caller, which has compared
    /// that the gate knew the sale as it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">One is not expired, or its payment does not ask for it.</exception>
    public void Revive(IReadOnlyList<Claim> revivals, DateTimeOffset now)
    {
        _stock.Begin();
        foreach (var claim in revivals)
        {
            var found = _records.Find(claim.Revival!.Payment);
            var answer = found is { Order: { } order, Payment: { } payment } && order.Id == claim.Order
                ? OrderRule.Revive(order, payment, now)
                : default;
            if (answer.Outcome != CommandOutcome.Done || answer.Order is null)
            {
                throw new InvalidOperationException(
                    $"Order {claim.Order} is {found.Order?.Status}, and payment {claim.Revival.Payment} revives it.");
            }

            Write(found, answer, now);
        }

        _stock.Write();
    }

    /// <summary>Whether late money has its units: the order is paid, and by this payment.</summary>
    public bool IsRevived(Claim claim) =>
        _records.Find(claim.Revival!.Payment) is { Order.Status: OrderStatus.Paid, Payment: { } payment } found
        && found.Order.Payment?.Id == payment.Id;

    public void Dispose()
    {
        _records.Dispose();
        _stock.Dispose();
        _expiries.Dispose();
        _updateOrder.Dispose();
        _insertPayment.Dispose();
        _updatePayment.Dispose();
    }

    /// <summary>Applies the next command, or as many expiries as can be done at once.</summary>
    /// <returns>How many.</returns>
    private int Apply(IReadOnlyList<OrderCommand> commands, int first, OrderAnswer[] answers, DateTimeOffset now)
    {
        var expiries = _records.ExpiriesFrom(commands, first);
        if (expiries > 0)
        {
            _expiries.Apply(commands, first, answers.AsSpan(first, expiries), now);
            return expiries;
        }

        answers[first] = Apply(commands[first], now);
        return 1;
    }

    private OrderAnswer Apply(OrderCommand command, DateTimeOffset now)
    {
        var found = _records.Find(command);
        var answer = OrderRule.Decide(command, found.Order, found.Payment, _records.IsTaken, now);
        if (answer.Outcome == CommandOutcome.Done)
        {
            Write(found, answer, now);
        }

        return answer;
    }

    private void Write(in Record before, in OrderAnswer after, DateTimeOffset now)
    {
        var paymentNo = WritePayment(before, after.Payment);
        if (before.Order is { } was && after.Order is { } order)
        {
            var shownNo = order.Payment?.Id == was.Payment?.Id ? before.ShownNo : paymentNo;
            if (order.Revision != was.Revision || shownNo != before.ShownNo)
            {
                WriteOrder(before, was, order, shownNo);
                _stock.Transit(before.SaleNo, was, order);
            }
        }

        if (before.SaleNo != Record.NoSale)
        {
            _stock.Append(before, after, paymentNo, now);
        }
    }

    private long? WritePayment(in Record before, Payment? payment)
    {
        if (payment is null || ReferenceEquals(payment, before.Payment))
        {
            return before.PaymentNo;
        }

        if (before.PaymentNo is { } no && before.Payment is { } was && was.Id == payment.Id)
        {
            PaymentRows.WriteChange(_updatePayment, no, was.State, payment);
            _connection.MustHaveChanged(1, $"Payment {payment.Id}");
            return no;
        }

        var next = _records.NextPaymentNo();
        var isOurs = payment.Id.TryRead(out var order, out var attempt) && order == before.Order?.Id;
        PaymentRows.WriteNew(_insertPayment, next, before.OrderNo, isOurs ? attempt : 0, payment);
        return next;
    }

    private void WriteOrder(in Record before, Order was, Order order, long? paymentNo)
    {
        _updateOrder
            .Bind(1, before.OrderNo).Bind(2, (long)was.Status).Bind(3, was.Revision)
            .Bind(4, (long)order.Status).Bind(5, order.Revision).Bind(6, order.Turn)
            .Bind(7, order.PaidAt?.ToUnixTimeMilliseconds()).Bind(8, paymentNo)
            .Run();
        _connection.MustHaveChanged(1, $"Order {order.Id}");
    }
}
