namespace Doorbuster.Payments;

/// <summary>Why captured money goes back; the numbers are the store's and never change their meaning.</summary>
public enum RefundReason
{
    /// <summary>There is no order of that id.</summary>
    OrderUnknown = 1,

    /// <summary>Another amount, or another currency, was taken than the order costs.</summary>
    AmountDiffers = 2,

    /// <summary>The buyer had cancelled the order.</summary>
    OrderCancelled = 3,

    /// <summary>Another payment has paid the order.</summary>
    AlreadyPaid = 4,

    /// <summary>The order had expired, and the sale has not enough units left.</summary>
    NoUnitsLeft = 5,

    /// <summary>The order had expired, and its buyer has reached the limit with other orders.</summary>
    BuyerLimit = 6,

    /// <summary>The order was rejected, and never held units.</summary>
    OrderRejected = 7,

    /// <summary>The order had expired, and its claim for new units could not be written.</summary>
    Failed = 8,
}
