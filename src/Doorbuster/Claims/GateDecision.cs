using Doorbuster.Fulfilment;

namespace Doorbuster.Claims;

/// <summary>A decision that is provisional until the store has committed it.</summary>
/// <param name="Sale">The sale it was made for.</param>
/// <param name="Batch">The claims, whose answers depend on the commit.</param>
/// <param name="Admissions">What the store is asked to commit.</param>
internal sealed record GateDecision(GateSale Sale, SaleBatch Batch, Admissions Admissions)
{
    /// <summary>Whether a commit of unknown outcome was found to stand, once that was read back.</summary>
    public bool Stood { get; set; }
}
