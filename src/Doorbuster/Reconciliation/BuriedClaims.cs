namespace Doorbuster.Reconciliation;

/// <summary>What becomes of dead letters where a gate is opened anew: every store asks this rule.</summary>
public static class BuriedClaims
{
    /// <summary>
    /// Adds the dead letters' units to what buyers hold, the earliest first, as far as there are units. So the new gate
    /// keeps for them what the old one took. A Redis that came back older may have sold the same units again, or others
    /// to the same buyer: for what there is no room, the letter keeps its old epoch, and is rejected once somebody sees
    /// to it (I1, I3). So does one of late money that was decided meanwhile, or asks under another turn by now: nobody
    /// waits for its units (I2).
    /// </summary>
    /// <param name="holdings">The orders of the sale; what is held is added.</param>
    /// <param name="available">Units that no order holds.</param>
    /// <param name="limit">The most units one buyer holds.</param>
    /// <param name="letters">
    /// The letters' claims, in the order in which they were buried; late money's with the turn under which its payment
    /// asks, null where it asks no more.
    /// </param>
    /// <returns>Those whose units are held: from now on they carry the new epoch.</returns>
    public static IReadOnlyList<Claim> Hold(
        Holdings holdings, long available, int limit, IEnumerable<(Claim Claim, int? Reviving)> letters)
    {
        var held = new List<Claim>();
        foreach (var (claim, reviving) in letters)
        {
            if (claim.Revival?.Turn == reviving && claim.Quantity <= available
                && holdings.Of(claim.Buyer).Held + claim.Quantity <= limit && TryHold(holdings, claim))
            {
                available -= claim.Quantity;
                held.Add(claim);
            }
        }

        return held;
    }

    /// <summary>False where an order stands that such a claim would only repeat.</summary>
    private static bool TryHold(Holdings holdings, in Claim claim)
    {
        if (claim.Revival is { } revival)
        {
            return holdings.Hold(claim.Buyer, claim.Order.Key, claim.Quantity, revival.Turn);
        }

        var isNew = !holdings.Of(claim.Buyer).TryFind(claim.Order.Key, out _);
        if (isNew)
        {
            holdings.Add(claim.Buyer, new HeldOrder(claim.Order.Key, claim.Quantity));
        }

        return isNew;
    }
}
