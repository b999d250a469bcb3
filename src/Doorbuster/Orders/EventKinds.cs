using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>Which event a transition is.</summary>
public static class EventKinds
{
    /// <summary>What happened between two states of an order; null where nothing worth an event did.</summary>
    public static EventKind? Of(Order? before, Order? after) =>
        after is null || before?.Status == after.Status ? null : after.Status switch
        {
            OrderStatus.Reserved => EventKind.OrderReserved,
            OrderStatus.Paid => EventKind.OrderPaid,
            OrderStatus.Cancelled => EventKind.OrderCancelled,
            OrderStatus.Expired => EventKind.OrderExpired,
            OrderStatus.Rejected => EventKind.OrderRejected,
            _ => throw new ArgumentOutOfRangeException(nameof(after), after.Status, "No event is written for it."),
        };

    /// <summary>
    /// What happened between two states of a payment. A capture that pays its order has no event of its own: the
    /// order's event names the payment.
    /// </summary>
    public static EventKind? Of(Payment? before, Payment? after) =>
        after is null || before?.State == after.State ? null : after.State switch
        {
            PaymentState.Created => EventKind.PaymentCreated,
            PaymentState.Captured => after.Reviving is null ? null : EventKind.PaymentCaptured,
            PaymentState.RefundDue => EventKind.PaymentRefundDue,
            PaymentState.Refunded => EventKind.PaymentRefunded,
            PaymentState.Failed => EventKind.PaymentFailed,
            _ => throw new ArgumentOutOfRangeException(nameof(after), after.State, "No event is written for it."),
        };

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
