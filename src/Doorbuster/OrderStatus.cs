namespace Doorbuster;

/// <summary>
/// The states of an order; the numbers are the store's and never change their meaning. Every order has one, so it is as
/// small as can be.
/// </summary>
public enum OrderStatus : byte
{
    /// <summary>A gate has admitted it, and the store does not have it yet; no store keeps such a one.</summary>
    Queued = 0,

    /// <summary>It holds units and waits for payment.</summary>
    Reserved = 1,

    /// <summary>Paid; its units are sold.</summary>
    Paid = 2,

    /// <summary>Given up by its buyer; its units went back.</summary>
    Cancelled = 3,

    /// <summary>Not paid in time; its units went back. Late money may still turn it into a paid one.</summary>
    Expired = 4,

    /// <summary>
    /// Its claim was admitted by a gate, and the store could not keep that; it never held units. Its row stands, so
    /// that a late copy of the claim is a replay.
    /// </summary>
    Rejected = 5,
}
