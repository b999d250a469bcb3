namespace Doorbuster.Tests.Determinism;

/// <summary>One claim of a buyer in a world, from asking to being told.</summary>
internal sealed class Attempt(Sale sale, Claim claim, DateTimeOffset askedAt)
{
    public Sale Sale { get; } = sale;

    public Claim Claim { get; } = claim;

    public DateTimeOffset AskedAt { get; } = askedAt;

    /// <summary>
    /// Whether another claim under the same key was under way at the same time, so that its order may stand although
    /// this claim was refused.
    /// </summary>
    public bool Overlapped { get; set; }
}
