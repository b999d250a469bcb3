using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>The reference of every lease, judged by a clock that tests turn.</summary>
public sealed class InMemoryLease(TimeProvider clock) : ILease
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (LeaseGrant Grant, DateTimeOffset Until)> _leases = [];

    public ValueTask<LeaseGrant?> TakeAsync(
        string name, string holder, TimeSpan life, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var isKnown = _leases.TryGetValue(name, out var known);
            if (isKnown && known.Until > now && known.Grant.Holder != holder)
            {
                return ValueTask.FromResult<LeaseGrant?>(null);
            }

            var grant = new LeaseGrant(name, holder, isKnown ? known.Grant.Number + 1 : 1);
            _leases[name] = (grant, now + life);
            return ValueTask.FromResult<LeaseGrant?>(grant);
        }
    }

    public ValueTask<bool> RenewAsync(LeaseGrant grant, TimeSpan life, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var isHeld = IsHeld(grant, now);
            if (isHeld)
            {
                _leases[grant.Name] = (grant, now + life);
            }

            return ValueTask.FromResult(isHeld);
        }
    }

    public ValueTask ReleaseAsync(LeaseGrant grant, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsHeld(grant, DateTimeOffset.MinValue))
            {
                _leases[grant.Name] = (grant, DateTimeOffset.MinValue);
            }
        }

        return ValueTask.CompletedTask;
    }

    private bool IsHeld(LeaseGrant grant, DateTimeOffset now) =>
        _leases.TryGetValue(grant.Name, out var known) && known.Grant == grant && known.Until > now;
}
