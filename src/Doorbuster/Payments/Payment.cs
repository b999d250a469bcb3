namespace Doorbuster.Payments;

/// <summary>A payment as the store has it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="OrderId">The order it was opened for, as the one who reported it wrote it.</param>
/// <param name="Amount">What was asked; once captured, what was taken.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="CreatedAt">When it was opened, or first heard of.</param>
public sealed record Payment(PaymentId Id, string OrderId, Money Amount, PaymentState State, DateTimeOffset CreatedAt)
{
    /// <summary>Where its buyer pays; null until the provider has said so.</summary>
    public Uri? CheckoutUrl { get; init; }

    /// <summary>When the money was taken; null where none was.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>
    /// The turn under which it asks for the units of its expired order; null once that is decided, or never was asked.
    /// </summary>
    public int? Reviving { get; init; }

    /// <summary>Why the money goes back; null where it does not.</summary>
    public RefundReason? RefundReason { get; init; }

    /// <summary>Whether money was taken under this payment, given back or not.</summary>
    public bool IsCaptured => State is PaymentState.Captured or PaymentState.RefundDue or PaymentState.Refunded;
}
