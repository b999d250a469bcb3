namespace Doorbuster.Dispatch;

/// <summary>
/// An entry of the claim log: what a gate admitted of one sale in one step, in its order. The log has it at least once;
/// whoever commits it does so by the claims' ids.
/// </summary>
/// <param name="Sale">The sale.</param>
/// <param name="Id">The entry's name in the sale's log, the same however often it is delivered.</param>
/// <param name="Epoch">The gate's epoch; the store refuses what it has not committed under an older one.</param>
/// <param name="Revision">The sale's revision that the gate decided under.</param>
/// <param name="AdmittedAt">When it was admitted, by the gate's clock, in whole milliseconds.</param>
/// <param name="Claims">The claims, at least one; those with a revival are late money's.</param>
public sealed record AdmittedBatch(
    SaleId Sale, string Id, long Epoch, long Revision, DateTimeOffset AdmittedAt, IReadOnlyList<Claim> Claims);
