using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>The kinds of what happens in a sale; the numbers are the store's and never change their meaning.</summary>
public enum EventKind
{
    /// <summary>An order was reserved.</summary>
    OrderReserved = 1,

    /// <summary>An order was paid.</summary>
    OrderPaid = 2,

    /// <summary>An order was cancelled.</summary>
    OrderCancelled = 3,

    /// <summary>An order has expired.</summary>
    OrderExpired = 4,

    /// <summary>What a gate had admitted was rejected.</summary>
    OrderRejected = 5,

    /// <summary>Late money asks for the units of an expired order again: its turn has grown.</summary>
    OrderReviving = 6,

    /// <summary>A payment was opened.</summary>
    PaymentCreated = 11,

    /// <summary>
    /// Money was captured that did not pay its order there and then: it asks for the units of an expired order, or
    /// goes back.
    /// </summary>
    PaymentCaptured = 12,

    /// <summary>Captured money must go back.</summary>
    PaymentRefundDue = 13,

    /// <summary>The money went back.</summary>
    PaymentRefunded = 14,

    /// <summary>An attempt to pay failed.</summary>
    PaymentFailed = 15,

    /// <summary>An operator paused the sale.</summary>
    SalePaused = 21,

    /// <summary>An operator resumed it.</summary>
    SaleResumed = 22,

    /// <summary>An operator closed it for good.</summary>
    SaleClosed = 23,

    /// <summary>Its total grew.</summary>
    SaleReplenished = 24,

    /// <summary>Its terms changed.</summary>
    SaleEdited = 25,
}

/// <summary>One transition of a sale, numbered from 1 without a gap.</summary>
/// <param name="No">Its place among the sale's transitions.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Order">The order as it is now; null where the transition is the sale's own.</param>
/// <param name="OrderRevision">The order's revision after this transition; 0 where there is no order.</param>
/// <param name="Payment">
/// The payment, where the transition is one of a payment, or where it paid an order or asks for its units again.
/// </param>
/// <param name="SaleRevision">The sale's revision after this transition; 0 where it is not the sale's own.</param>
/// <param name="Quantity">Units the transition is about: the order's, or those a replenishment added.</param>
public sealed record SaleEvent(
    long No,
    EventKind Kind,
    DateTimeOffset At,
    OrderId? Order,
    int OrderRevision,
    PaymentId? Payment,
    long SaleRevision,
    int Quantity);
