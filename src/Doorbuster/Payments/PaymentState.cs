namespace Doorbuster.Payments;

/// <summary>The states of a payment; the numbers are the store's and never change their meaning.</summary>
public enum PaymentState
{
    /// <summary>Open: its buyer may pay.</summary>
    Created = 1,

    /// <summary>The money is here: it has paid its order, or asks for the units of an expired one.</summary>
    Captured = 2,

    /// <summary>The money is here and must go back, whole.</summary>
    RefundDue = 3,

    /// <summary>The money went back.</summary>
    Refunded = 4,

    /// <summary>The buyer's attempt failed; nothing was taken.</summary>
    Failed = 5,
}
