using Doorbuster.Payments;

namespace Doorbuster.AspNetCore.Json;

/// <summary>The words of the HTTP contract for what a payment can be.</summary>
internal static class PaymentWords
{
    /// <summary>The word for a state.</summary>
    public static string Of(PaymentState state) => state switch
    {
        PaymentState.Created => "created",
        PaymentState.Captured => "captured",
        PaymentState.RefundDue => "refund_due",
        PaymentState.Refunded => "refunded",
        PaymentState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No word is written for it."),
    };

    /// <summary>The word for why an order is rejected.</summary>
    public static string Of(RejectionReason reason) => reason switch
    {
        RejectionReason.NoUnitsLeft => "no_units_left",
        RejectionReason.BuyerLimit => "buyer_limit",
        RejectionReason.AdmissionLost => "admission_lost",
        RejectionReason.TermsChanged => "terms_changed",
        RejectionReason.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No word is written for it."),
    };

    /// <summary>The word for why money goes back.</summary>
    public static string Of(RefundReason reason) => reason switch
    {
        RefundReason.OrderUnknown => "order_unknown",
        RefundReason.AmountDiffers => "amount_differs",
        RefundReason.OrderCancelled => "order_cancelled",
        RefundReason.AlreadyPaid => "already_paid",
        RefundReason.NoUnitsLeft => "no_units_left",
        RefundReason.BuyerLimit => "buyer_limit",
        RefundReason.OrderRejected => "order_rejected",
        RefundReason.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No word is written for it."),
    };
}
