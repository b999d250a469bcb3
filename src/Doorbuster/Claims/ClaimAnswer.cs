namespace Doorbuster.Claims;

/// <summary>What a buyer is told of a claim.</summary>
/// <param name="Outcome">What was decided; null where nobody can know yet whether the order stands.</param>
/// <param name="Order">
/// The order, where the claim was admitted and the store has it; null where it was admitted and is queued.
/// </param>
/// <param name="Available">Units left when it was decided; it matters where it was too few.</param>
public readonly record struct ClaimAnswer(Outcome? Outcome, Order? Order = null, long Available = 0)
{
    /// <summary>Nothing was admitted, and the same claim may be tried again.</summary>
    public static ClaimAnswer Busy => new(Doorbuster.Outcome.Busy);

    /// <summary>The commit's outcome is not known: the same claim under the same key will find out.</summary>
    public static ClaimAnswer Unknown => default;
}
