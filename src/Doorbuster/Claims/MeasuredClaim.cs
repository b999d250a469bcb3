using System.Diagnostics;

namespace Doorbuster.Claims;

/// <summary>
/// A claim of which it is to be known how long it waited, and whose request it came with. Only while someone listens
/// are claims of this kind: the others are spared its room.
/// </summary>
internal sealed class MeasuredClaim(Listing listing, in Claim claim, long arrivedAt, ActivityContext caller)
    : PendingClaim(listing, claim)
{
    /// <summary>The clock's time stamp of when it came.</summary>
    public long ArrivedAt => arrivedAt;

    /// <summary>The span that it came with; nothing where there is none.</summary>
    public ActivityContext Caller => caller;
}
