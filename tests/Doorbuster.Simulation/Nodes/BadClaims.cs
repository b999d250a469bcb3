using Doorbuster.Dispatch;
using Doorbuster.Reconciliation;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Nodes;

/// <summary>Claims that the store cannot write, as a bad row or a broken constraint would have it.</summary>
internal sealed class BadClaims(Faults faults, DurableStore store, Trace trace)
{
    private readonly HashSet<DeadLetterId> _bad = [];

    /// <summary>Whether this order's claim ever was one.</summary>
    public bool Was(OrderId order) => _bad.Contains(new DeadLetterId(order, Turn: 0));

    /// <summary>Whether it cannot be written now: somebody mends that, and it is as likely as not.</summary>
    public bool IsBad(DeadLetterId claim) =>
        !faults.IsOver && _bad.Contains(claim) && faults.Next(FaultKind.ClaimUnwritable, 0, 2) == 0;

    /// <summary>The first claim of these entries that cannot be written now; null where all can be.</summary>
    public DeadLetterId? Find(IReadOnlyList<AdmittedBatch> entries)
    {
        if (faults.IsOver)
        {
            return null;
        }

        Claim[] claims = [.. entries.SelectMany(entry => entry.Claims).Where(claim => !Stands(claim))];
        if (claims.Length > 0 && faults.Strike(FaultKind.ClaimUnwritable))
        {
            var bad = DeadLetterId.Of(claims[faults.Next(FaultKind.ClaimUnwritable, 0, claims.Length)]);
            trace.Add("store", $"cannot write {Http.OrderSheet.Short(bad.Order)}, turn {bad.Turn}");
            _bad.Add(bad);
        }

        foreach (var claim in claims)
        {
            if (_bad.Contains(DeadLetterId.Of(claim)))
            {
                return DeadLetterId.Of(claim);
            }
        }

        return null;
    }

    /// <summary>Whether nothing is to be written of it any more.</summary>
    private bool Stands(in Claim claim) => claim.Revival is { } revival
        ? store.Find(revival.Payment)?.Reviving != revival.Turn
        : store.Find(claim.Order) is not null;
}
