using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;

namespace Doorbuster.Tests.Reference;

/// <summary>What holds whenever a gate is rebuilt, over the references of gate, log, store and lease.</summary>
public sealed class InMemoryRebuildTests : RebuildConformance
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);
    private readonly InMemoryStore _store = new() { IsShared = true };
    private InMemorySharedGate? _gate;
    private RebuildPorts? _ports;

    protected override RebuildPorts Ports => _ports!;

    protected override IOutbox Outbox => _store;

    protected override ILostClaims LostClaims => _store;

    protected override ValueTask<StoreUnderTest> CreateAsync()
    {
        _gate = new InMemorySharedGate(_clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromSeconds(30));
        _ports = new RebuildPorts(
            _gate, new InMemoryClaimLog(_gate, _clock), _store, new InMemoryLease(_clock), _store);
        return ValueTask.FromResult(new StoreUnderTest(_store, _store, _store, () => ValueTask.CompletedTask));
    }

    protected override ValueTask DamageAsync()
    {
        _gate!.Damage(Sale.Id);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask ExpireLeasesAsync()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        return ValueTask.CompletedTask;
    }
}
