namespace Doorbuster.Claims;

/// <summary>
/// A claim of which it is to be known how long it waited. Only while someone listens are claims of this kind: the
/// others are spared its room.
/// </summary>
internal sealed class MeasuredClaim(Listing listing, in Claim claim, long arrivedAt) : PendingClaim(listing, claim)
{
    /// <summary>The clock's time stamp of when it came.</summary>
    public long ArrivedAt => arrivedAt;
}
