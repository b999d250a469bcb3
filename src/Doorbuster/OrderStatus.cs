namespace Doorbuster;

/// <summary>The states of an order; the numbers are the store's and never change their meaning.</summary>
public enum OrderStatus
{
    /// <summary>It holds units and waits for payment.</summary>
    Reserved = 1,

    /// <summary>Paid; its units are sold.</summary>
    Paid = 2,
}
