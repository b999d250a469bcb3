using Doorbuster.Fulfilment;
using Doorbuster.Payments;

namespace Doorbuster.Telemetry;

/// <summary>
/// What tags say. Dashboards and alerts are written against these words, so they never change their meaning.
/// </summary>
public static class TagValue
{
    /// <summary>A transaction of which nothing was written, for certain.</summary>
    public const string NotWritten = "not_written";

    /// <summary>A transaction that may stand or not.</summary>
    public const string OutcomeUnknown = "outcome_unknown";

    /// <summary>What was decided about a claim.</summary>
    /// <param name="outcome">The outcome; null where nobody can know it yet.</param>
    public static string Of(Outcome? outcome) => outcome switch
    {
        null => OutcomeUnknown,
        Outcome.SaleUnknown => "sale_unknown",
        Outcome.Replayed => "replayed",
        Outcome.KeyReused => "key_reused",
        Outcome.TokenExpired => "token_expired",
        Outcome.StaleEpoch => "stale_epoch",
        Outcome.NotOpen => "not_open",
        Outcome.Paused => "paused",
        Outcome.Closed => "closed",
        Outcome.Busy => "busy",
        Outcome.BuyerLimit => "buyer_limit",
        Outcome.SoldOut => "sold_out",
        Outcome.Insufficient => "insufficient",
        Outcome.Admitted => "admitted",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No tag is written for it."),
    };

    /// <summary>Whose transaction it was.</summary>
    public static string Of(CommitKind kind) => kind switch
    {
        CommitKind.Claims => "claims",
        CommitKind.Orders => "orders",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No tag is written for it."),
    };

    /// <summary>How a transaction failed; null where it did not.</summary>
    public static string? Of(CommitStatus status) => status switch
    {
        CommitStatus.Committed => null,
        CommitStatus.Failed => NotWritten,
        CommitStatus.Unknown => OutcomeUnknown,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No tag is written for it."),
    };

    /// <summary>The state that an order came into.</summary>
    public static string Of(OrderStatus status) => status switch
    {
        OrderStatus.Queued => "queued",
        OrderStatus.Reserved => "reserved",
        OrderStatus.Paid => "paid",
        OrderStatus.Cancelled => "cancelled",
        OrderStatus.Expired => "expired",
        OrderStatus.Rejected => "rejected",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No tag is written for it."),
    };

    /// <summary>The state that a payment came into.</summary>
    public static string Of(PaymentState state) => state switch
    {
        PaymentState.Created => "created",
        PaymentState.Captured => "captured",
        PaymentState.RefundDue => "refund_due",
        PaymentState.Refunded => "refunded",
        PaymentState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No tag is written for it."),
    };

    /// <summary>Why money goes back.</summary>
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
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No tag is written for it."),
    };

    /// <summary>Where a sale is in its life.</summary>
    public static string Of(SaleState state) => state switch
    {
        SaleState.Scheduled => "scheduled",
        SaleState.Open => "open",
        SaleState.Paused => "paused",
        SaleState.Closed => "closed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No tag is written for it."),
    };
}
