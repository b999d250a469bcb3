using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>Which event a transition is.</summary>
public static class EventKinds
{
    /// <summary>
    /// What happened between two states of an order; null where nothing did. Each of these raises the order's revision
    /// by one, and nothing else does.
    /// </summary>
    public static EventKind? Of(Order? before, Order? after) =>
        after is null ? null
        : before?.Status == after.Status ? before.Turn == after.Turn ? null : EventKind.OrderReviving
        : after.Status switch
        {
            OrderStatus.Reserved => EventKind.OrderReserved,
            OrderStatus.Paid => EventKind.OrderPaid,
            OrderStatus.Cancelled => EventKind.OrderCancelled,
            OrderStatus.Expired => EventKind.OrderExpired,
            OrderStatus.Rejected => EventKind.OrderRejected,
            _ => throw new ArgumentOutOfRangeException(nameof(after), after.Status, "No event is written for it."),
        };

    /// <summary>
    /// What happened between two states of a payment, in order: money that goes back at once was captured first. A
    /// capture that pays its order has no event of its own: the order's event names the payment.
    /// </summary>
    public static ReadOnlySpan<EventKind> Of(Payment? before, Payment? after) =>
        after is null || before?.State == after.State ? [] : after.State switch
        {
            PaymentState.Created => [EventKind.PaymentCreated],
            PaymentState.Captured => after.Reviving is null ? [] : [EventKind.PaymentCaptured],
            PaymentState.RefundDue => before is { IsCaptured: true }
                ? [EventKind.PaymentRefundDue]
                : [EventKind.PaymentCaptured, EventKind.PaymentRefundDue],
            PaymentState.Refunded => [EventKind.PaymentRefunded],
            PaymentState.Failed => [EventKind.PaymentFailed],
            _ => throw new ArgumentOutOfRangeException(nameof(after), after.State, "No event is written for it."),
        };

    /// <summary>Whether an order's transition is a payment's doing, and names it.</summary>
    public static bool NamesPayment(EventKind kind) => kind is EventKind.OrderPaid or EventKind.OrderReviving;

    /// <summary>What a change of a sale is.</summary>
    public static EventKind Of(SaleChange change) => change switch
    {
        SaleChange.Pause => EventKind.SalePaused,
        SaleChange.Resume => EventKind.SaleResumed,
        SaleChange.Close or SaleChange.Lapse => EventKind.SaleClosed,
        SaleChange.Replenish => EventKind.SaleReplenished,
        SaleChange.Edit => EventKind.SaleEdited,
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "No event is written for it."),
    };
}
