namespace Doorbuster.Reconciliation;

/// <summary>
/// Which order is whose, of a whole sale, as a sum that two ends can compare without a list of buyers. It is the same
/// whatever the order in which orders are added, and differs, but for one chance in 2^32, where one has another buyer.
/// </summary>
/// <param name="Orders">How many orders it is of.</param>
/// <param name="Sum">The sum.</param>
public readonly record struct Ownership(long Orders, ulong Sum)
{
    /// <summary>With one order more.</summary>
    /// <param name="order">The order's key.</param>
    /// <param name="buyer">The hash of its buyer, as <see cref="BuyerId.GetHashCode"/> has it.</param>
    public Ownership With(OrderKey order, int buyer) => new(
        Orders + 1, unchecked(Sum + Mix(order.High ^ Mix(order.Low ^ Mix((uint)buyer)))));

    // The finalizer of SplitMix64: each bit of what comes in changes half of those that go out.
    private static ulong Mix(ulong bits)
    {
        bits = unchecked((bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9);
        bits = unchecked((bits ^ (bits >> 27)) * 0x94d049bb133111eb);
        return bits ^ (bits >> 31);
    }
}
