using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>
/// The one rule of an order's and a payment's life after the claim: what a command makes of them. It reads and writes
/// nothing but what it is given; every store asks it inside the transaction that writes the answer.
/// </summary>
public static class OrderRule
{
    /// <summary>Decides a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="order">
    /// The order it names, or whose payment it names, with its latest payment; null where it does not exist.
    /// </param>
    /// <param name="payment">The payment it names; null where it does not exist, or none is named.</param>
    /// <param name="isTaken">
    /// Whether a payment stands under a name. Only a new payment asks: a provider may have reported money under a name
    /// of ours that we had not given yet, for another order too, and that money must not be forgotten.
    /// </param>
    /// <param name="now">The time of the transaction.</param>
    /// <returns>
    /// What stands afterwards. Where the outcome is <see cref="CommandOutcome.Done"/>, what differs from what was given
    /// is to be written.
    /// </returns>
    public static OrderAnswer Decide(
        OrderCommand command, Order? order, Payment? payment, Func<PaymentId, bool> isTaken, DateTimeOffset now) =>
        command switch
        {
            OrderCommand.Cancel => OrUnknown(order, Cancel),
            OrderCommand.Expire => OrUnknown(order, o => Expire(o, now)),
            OrderCommand.OpenPayment open => OrUnknown(order, o => Open(o, open.MostPayments, isTaken, now)),
            OrderCommand.NoteCheckout note => OrUnknown(order, payment, (o, p) => Note(o, p, note.CheckoutUrl)),
            OrderCommand.Capture capture => Capture(capture, order, payment, now),
            OrderCommand.Fail => OrUnknown(order, payment, Fail),
            OrderCommand.RefuseRevival refused => OrUnknown(order, payment, (o, p) => Refuse(o, p, refused.Reason)),
            OrderCommand.AskAgain again => OrUnknown(order, payment, (o, p) => AskAgain(o, p, again.Turn)),
            OrderCommand.NoteRefund => OrUnknown(order, payment, Refunded),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "No rule is written for it."),
        };

    /// <summary>
    /// The order whose business a command about a payment is. Where the payment stands already, that is the payment's
    /// own, whatever order a capture names: another order's sale hears nothing of money that was never for it.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="payment">The payment that stands under the name it gives; null where none does.</param>
    public static OrderId? OrderOf(OrderCommand.OfPayment command, Payment? payment) => (command, payment) switch
    {
        (_, not null) => OrderOf(payment.Id, payment.OrderId),
        (OrderCommand.Capture capture, null) => OrderOf(capture.Payment, capture.OrderId),
        _ => null,
    };

    /// <summary>
    /// The order that a payment is of: the one for which it was reported, unless it has the name of another order's
    /// payment. Null where there is none such.
    /// </summary>
    public static OrderId? OrderOf(PaymentId payment, string orderId) =>
        OrderId.TryParse(orderId, out var order) && (!payment.TryRead(out var owner, out _) || owner == order)
            ? order
            : null;

    /// <summary>Late money gets the units back: the gate has taken them, and the order is paid.</summary>
    /// <param name="order">The order, which has expired.</param>
    /// <param name="payment">The payment that asked.</param>
    /// <param name="now">The time of the transaction.</param>
    public static OrderAnswer Revive(Order order, Payment payment, DateTimeOffset now)
    {
        if (order.Status != OrderStatus.Expired || payment.Reviving is null)
        {
            return new OrderAnswer(CommandOutcome.Refused, order, payment);
        }

        var settled = payment with { Reviving = null };
        return new OrderAnswer(CommandOutcome.Done, Pay(order, settled, now), settled);
    }

    private static OrderAnswer Cancel(Order order) => order.Status switch
    {
        OrderStatus.Reserved => Done(Next(order) with { Status = OrderStatus.Cancelled }),
        OrderStatus.Cancelled => new OrderAnswer(CommandOutcome.Stands, order),
        _ => new OrderAnswer(CommandOutcome.Refused, order),
    };

    private static OrderAnswer Expire(Order order, DateTimeOffset now) => order.Status switch
    {
        OrderStatus.Reserved when order.ExpiresAt <= now => Done(Next(order) with { Status = OrderStatus.Expired }),
        OrderStatus.Expired => new OrderAnswer(CommandOutcome.Stands, order),
        _ => new OrderAnswer(CommandOutcome.Refused, order),
    };

    private static OrderAnswer Open(Order order, int most, Func<PaymentId, bool> isTaken, DateTimeOffset now)
    {
        var isPayable = order.Status == OrderStatus.Reserved && now < order.ExpiresAt;
        if (isPayable && order.Payment is { State: PaymentState.Created } open)
        {
            return new OrderAnswer(CommandOutcome.Stands, order, open);
        }

        if (!isPayable || NextName(order, most, isTaken) is not { } id)
        {
            return new OrderAnswer(CommandOutcome.Refused, order, order.Payment);
        }

        var payment = new Payment(id, order.Id.ToString(), order.Amount, PaymentState.Created, now);
        return new OrderAnswer(CommandOutcome.Done, order with { Payment = payment }, payment);
    }

    private static OrderAnswer Note(Order? order, Payment payment, Uri checkoutUrl) => payment switch
    {
        { State: PaymentState.Created, CheckoutUrl: null } =>
            Done(order, payment with { CheckoutUrl = checkoutUrl }),
        { CheckoutUrl: not null } => new OrderAnswer(CommandOutcome.Stands, order, payment),
        _ => new OrderAnswer(CommandOutcome.Refused, order, payment),
    };

    /// <summary>Authentic money is recorded once; then it pays, asks for units, or goes back.</summary>
    private static OrderAnswer Capture(
        OrderCommand.Capture capture, Order? order, Payment? payment, DateTimeOffset now)
    {
        if (payment is { IsCaptured: true })
        {
            return new OrderAnswer(CommandOutcome.Stands, order, payment);
        }

        var taken = (payment ?? new Payment(capture.Payment, capture.OrderId, capture.Amount, default, now)) with
        {
            State = PaymentState.Captured,
            Amount = capture.Amount,
            CapturedAt = now,
        };
        if (ReasonToRefund(capture, order, taken) is { } reason)
        {
            return Done(order, taken with { State = PaymentState.RefundDue, RefundReason = reason });
        }

        if (order!.Status == OrderStatus.Expired)
        {
            taken = taken with { Reviving = order.Turn + 1 };
            return Done(Next(order) with { Turn = order.Turn + 1 }, taken);
        }

        return new OrderAnswer(CommandOutcome.Done, Pay(order, taken, now), taken);
    }

    private static RefundReason? ReasonToRefund(OrderCommand.Capture capture, Order? order, Payment payment) =>
        order is null || order.Id.ToString() != capture.OrderId || payment.OrderId != capture.OrderId
            || (payment.Id.TryRead(out var owner, out _) && owner != order.Id)
            ? RefundReason.OrderUnknown
        : order.Amount != capture.Amount ? RefundReason.AmountDiffers
        : order.Status switch
        {
            OrderStatus.Reserved or OrderStatus.Expired => null,
            OrderStatus.Paid => RefundReason.AlreadyPaid,
            OrderStatus.Cancelled => RefundReason.OrderCancelled,
            OrderStatus.Rejected => RefundReason.OrderRejected,
            _ => throw new ArgumentOutOfRangeException(nameof(order), order.Status, "No rule is written for it."),
        };

    private static OrderAnswer Fail(Order? order, Payment payment) => payment.State switch
    {
        PaymentState.Created => Done(order, payment with { State = PaymentState.Failed }),
        PaymentState.Failed => new OrderAnswer(CommandOutcome.Stands, order, payment),
        _ => new OrderAnswer(CommandOutcome.Refused, order, payment),
    };

    private static OrderAnswer Refuse(Order? order, Payment payment, RefundReason reason) =>
        payment.Reviving is null
            ? new OrderAnswer(CommandOutcome.Stands, order, payment)
            : Done(
                order, payment with { State = PaymentState.RefundDue, Reviving = null, RefundReason = reason });

    /// <summary>Once for each turn: whoever has asked under it, and was decided meanwhile, asks no more.</summary>
    private static OrderAnswer AskAgain(Order? order, Payment payment, int turn) =>
        order is not { Status: OrderStatus.Expired } || payment.Reviving != turn
            ? new OrderAnswer(CommandOutcome.Stands, order, payment)
            : Done(Next(order) with { Turn = order.Turn + 1 }, payment with { Reviving = order.Turn + 1 });

    private static OrderAnswer Refunded(Order? order, Payment payment) => payment.State switch
    {
        PaymentState.RefundDue => Done(order, payment with { State = PaymentState.Refunded }),
        PaymentState.Refunded => new OrderAnswer(CommandOutcome.Stands, order, payment),
        _ => new OrderAnswer(CommandOutcome.Refused, order, payment),
    };

    /// <summary>The name of the order's next payment; null once it has had as many as it may.</summary>
    private static PaymentId? NextName(Order order, int most, Func<PaymentId, bool> isTaken)
    {
        // The order shows its latest payment, and that may be one under a name of the provider's.
        var last = order.Payment is { } latest && latest.Id.TryRead(out var owner, out var attempt) && owner == order.Id
            ? attempt
            : 0;
        for (var next = last + 1; next <= most; next++)
        {
            var name = PaymentId.Of(order.Id, next);
            if (!isTaken(name))
            {
                return name;
            }
        }

        return null;
    }

    private static Order Pay(Order order, Payment payment, DateTimeOffset now) =>
        Next(order) with { Status = OrderStatus.Paid, PaidAt = now, Payment = payment };

    private static Order Next(Order order) => order with { Revision = order.Revision + 1 };

    private static OrderAnswer Done(Order order) => new(CommandOutcome.Done, order, order.Payment);

    /// <summary>An order shows its latest payment, and once it is paid the one that paid it.</summary>
    private static OrderAnswer Done(Order? order, Payment payment)
    {
        var shows = order is { Status: not OrderStatus.Paid }
            && (order.Payment is not { } latest || latest.Id == payment.Id || payment.Reviving is not null);
        return new OrderAnswer(CommandOutcome.Done, shows ? order! with { Payment = payment } : order, payment);
    }

    private static OrderAnswer OrUnknown(Order? order, Func<Order, OrderAnswer> decide) =>
        order is null ? new OrderAnswer(CommandOutcome.Unknown) : decide(order);

    private static OrderAnswer OrUnknown(Order? order, Payment? payment, Func<Order?, Payment, OrderAnswer> decide) =>
        payment is null ? new OrderAnswer(CommandOutcome.Unknown, order) : decide(order, payment);
}
