using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// What commands and late money make of orders and payments, within one transaction: each is decided on what the
/// transaction has read and those before it have made of that; all of it is written at the end.
/// </summary>
/// <param name="sales">The sales whose rows are locked.</param>
/// <param name="found">Orders and payments as they were read under those locks.</param>
/// <param name="moves">Where units and transitions are gathered.</param>
internal sealed class OrderChanges(IReadOnlyDictionary<SaleId, LockedSale> sales, FoundRecords found, StockMoves moves)
{
    private readonly Dictionary<OrderId, (Order Before, Order After, long? ShownNo)> _orders = [];
    private readonly Dictionary<PaymentId, (long No, PaymentState? Before, Payment After)> _payments = [];
    private readonly Queue<long> _numbers = new(found.Numbers);

    /// <summary>Whether anything is to be written.</summary>
    public bool IsEmpty => _orders.Count == 0 && _payments.Count == 0;

    /// <summary>Decides a command.</summary>
    public OrderAnswer Apply(OrderCommand command, DateTimeOffset now)
    {
        var (order, payment) = Find(command);
        var answer = OrderRule.Decide(command, order, payment, id => FindPayment(id) is not null, now);
        if (answer.Outcome == CommandOutcome.Done)
        {
            Note(order, payment, answer, now);
        }

        return answer;
    }

    /// <summary>Pays an expired order whose units a gate has taken again.</summary>
    /// <exception cref="InvalidOperationException">It is not expired, or its payment does not ask for it.</exception>
    public void Revive(Claim claim, DateTimeOffset now)
    {
        var order = FindOrder(claim.Order);
        var payment = FindPayment(claim.Revival!.Payment)?.Payment;
        var answer = order is not null && payment is not null
            && OrderRule.OrderOf(payment.Id, payment.OrderId) == order.Id
            ? OrderRule.Revive(order, payment, now)
            : default;
        if (answer.Outcome != CommandOutcome.Done)
        {
            throw new InvalidOperationException(
                $"Order {claim.Order} is {order?.Status}, and payment {claim.Revival.Payment} revives it.");
        }

        moves.Admit(sales[claim.Order.Sale]);
        Note(order, payment, answer, now);
    }

    /// <summary>Orders that have ended here: the units that they held are the sale's again.</summary>
    public IEnumerable<Order> Ended() =>
        _orders.Values.Where(o => o.Before.Held > 0 && o.After.Held == 0).Select(o => o.After);

    /// <summary>Adds the statements that write all of it.</summary>
    public void AddTo(Writes writes)
    {
        (long No, Payment After)[] added =
            [.. _payments.Values.Where(p => p.Before is null).Select(p => (p.No, p.After))];
        (long No, PaymentState Before, Payment After)[] changed =
            [.. _payments.Values.Where(p => p.Before is not null).Select(p => (p.No, p.Before!.Value, p.After))];
        writes.Add(added.Length, PaymentRows.Insert, PaymentRows.OfNew(added));
        writes.Add(changed.Length, PaymentRows.Update, PaymentRows.OfChanged(changed));
        (Order Before, Order After, long? ShownNo)[] orders =
            [.. _orders.Values.Where(o => IsChanged(o.Before, o.After))];
        writes.Add(
            orders.Length, OrderRows.Update,
            Parameters.Of([.. orders.Select(o => sales[o.After.Id.Sale].No)]),
            Parameters.Of([.. orders.Select(o => Parameters.ToGuid(o.After.Id.Key))]),
            Parameters.Of([.. orders.Select(o => o.Before.Revision)]),
            Parameters.Of([.. orders.Select(o => (short)o.After.Status)]),
            Parameters.Of([.. orders.Select(o => o.After.Revision)]),
            Parameters.Of([.. orders.Select(o => o.After.Turn)]),
            Parameters.Of([.. orders.Select(o => o.After.PaidAt?.UtcDateTime)]),
            Parameters.Of([.. orders.Select(o => o.ShownNo)]));
    }

    /// <summary>Notes what was decided of an order and a payment.</summary>
    public void Note(Order? order, Payment? payment, OrderAnswer answer, DateTimeOffset now)
    {
        var paymentNo = NotePayment(payment, answer.Payment);
        if (order is null)
        {
            return;
        }

        var sale = sales[order.Id.Sale];
        if (answer.Order is { } after && !ReferenceEquals(order, after))
        {
            NoteOrder(order, after);
            if (order.Revision != after.Revision)
            {
                moves.Transit(sale, order, after);
            }
        }

        foreach (var ofPayment in EventKinds.Of(payment, answer.Payment))
        {
            moves.Append(sale, ofPayment, now, order, revision: 0, paymentNo);
        }

        if (EventKinds.Of(order, answer.Order) is { } ofOrder)
        {
            moves.Append(
                sale, ofOrder, now, order, answer.Order!.Revision,
                EventKinds.NamesPayment(ofOrder) ? paymentNo : null);
        }
    }

    private void NoteOrder(Order before, Order after)
    {
        var first = _orders.TryGetValue(before.Id, out var noted) ? noted.Before : before;
        var shownNo = after.Payment is { } shown ? FindPayment(shown.Id)!.Value.No : (long?)null;
        _orders[before.Id] = (first, after, shownNo);
    }

    /// <summary>Where the payment is; a new one is given the next number.</summary>
    private long? NotePayment(Payment? before, Payment? after)
    {
        if (after is null)
        {
            return null;
        }

        var known = FindPayment(after.Id);
        if (known is { } row && ReferenceEquals(before, after))
        {
            return row.No;
        }

        var no = known?.No ?? _numbers.Dequeue();
        var state = _payments.TryGetValue(after.Id, out var noted) ? noted.Before : known?.Payment.State;
        _payments[after.Id] = (no, state, after);
        return no;
    }

    private (Order? Order, Payment? Payment) Find(OrderCommand command)
    {
        if (command is OrderCommand.OfPayment named)
        {
            var payment = FindPayment(named.Payment)?.Payment;
            return (OrderRule.OrderOf(named, payment) is { } of ? FindOrder(of) : null, payment);
        }

        var order = FindOrder(((OrderCommand.OfOrder)command).Order);
        return (order, order?.Payment);
    }

    /// <summary>An order as it is now, with the payment that it shows as that is now.</summary>
    private Order? FindOrder(OrderId id)
    {
        var order = _orders.TryGetValue(id, out var noted) ? noted.After : found.Orders.GetValueOrDefault(id);
        return order?.Payment is { } shown && FindPayment(shown.Id) is { } known
            && !ReferenceEquals(known.Payment, shown)
            ? order with { Payment = known.Payment }
            : order;
    }

    /// <summary>What an order's payment is now, the payment's own row says.</summary>
    private static bool IsChanged(Order before, Order after) =>
        before.Revision != after.Revision || before.Payment?.Id != after.Payment?.Id;

    private (long No, Payment Payment)? FindPayment(PaymentId id) =>
        _payments.TryGetValue(id, out var noted) ? (noted.No, noted.After)
        : found.Payments.TryGetValue(id, out var stored) ? stored
        : null;
}
