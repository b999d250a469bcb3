namespace Doorbuster;

/// <summary>The 128 bits of an order id, without the sale they belong to.</summary>
/// <param name="High">The first eight bytes, big-endian.</param>
/// <param name="Low">The last eight bytes, big-endian.</param>
public readonly record struct OrderKey(ulong High, ulong Low)
{
    /// <summary>The part that sale, buyer and idempotency key make.</summary>
    public OrderHead Head => new(High, (ushort)(Low >> 48));

    /// <summary>The bits are a keyed hash's, so any 32 of them spread well.</summary>
    public override int GetHashCode() => (int)High;
}
