namespace Doorbuster.Reconciliation;

/// <summary>What becomes of dead letters where a gate is opened anew: every store asks this rule.</summary>
public static class BuriedClaims
{
    /// <summary>
    /// Adds the dead letters' units to what buyers hold, as far as there are units: those of the latest gate first, of
    /// one gate the earliest first. So the new gate keeps for them what the old one took, and a claim that surfaced
    /// after its own gate was lost gets only what that leaves (I4). A Redis that came back older may have sold the same
    /// units again, or others to the same buyer: for what there is no room, the letter keeps its old epoch, and is
    /// rejected once somebody sees to it (I1, I3). So does one of late money that was decided meanwhile, or asks under
    /// another turn by now: nobody waits for its units (I2).
    /// </summary>
    /// <param name="holdings">The orders of the sale; what is held is added.</param>
    /// <param name="available">Units that no order holds.</param>
    /// <param name="limit">The most units one buyer holds.</param>
    /// <param name="letters">The letters, in the order in which they were buried.</param>
    /// <returns>Those whose units are held: from now on they carry the new epoch.</returns>
    public static IReadOnlyList<Claim> Hold(
        Holdings holdings, long available, int limit, IEnumerable<BuriedClaim> letters)
    {
        var held = new List<Claim>();
        foreach (var (claim, _, reviving) in letters.OrderByDescending(letter => letter.Epoch))
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

/// <summary>The claim of a dead letter, as a rebuild must know it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Epoch">The epoch that the letter carries: of the last gate that took, or held, units for it.</param>
/// <param name="Reviving">
/// The turn under which the payment of late money's claim asks; null where it asks no more, or a buyer claims.
/// </param>
public readonly record struct BuriedClaim(Claim Claim, long Epoch, int? Reviving);
