using Doorbuster.Conformance;
using Doorbuster.Reconciliation;

namespace Doorbuster.Tests.Reference;

/// <summary>The reference of every lease keeps the suite itself.</summary>
public sealed class InMemoryLeaseTests : LeaseConformance
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private InMemoryLease? _lease;

    protected override ILease Lease => _lease ??= new InMemoryLease(_clock);

    protected override ValueTask PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return ValueTask.CompletedTask;
    }
}
