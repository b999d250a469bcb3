namespace Doorbuster;

/// <summary>The states of an order; the numbers are the store's and never change their meaning.</summary>
public enum OrderStatus
{
    /// <summary>It holds units and waits for payment.</summary>
    Reserved = 1,

    /// <summary>Paid; its units are sold.</summary>
    Paid = 2,

    /// <summary>Given up by its buyer; its units went back.</summary>
    Cancelled = 3,

    /// <summary>Not paid in time; its units went back. Late money may still turn it into a paid one.</summary>
    Expired = 4,
}
