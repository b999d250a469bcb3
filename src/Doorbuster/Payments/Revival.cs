namespace Doorbuster.Payments;

/// <summary>Late money asks for the units of its expired order.</summary>
/// <param name="Payment">The payment that asks.</param>
/// <param name="Turn">The turn under which it asks, above 0.</param>
public sealed record Revival(PaymentId Payment, int Turn);
