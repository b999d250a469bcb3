using Doorbuster.Claims;
using Doorbuster.Conformance;

namespace Doorbuster.Tests.Reference;

/// <summary>The reference store as the gate keeps the suite of every store that is the gate.</summary>
public sealed class InMemoryStoreGateTests : StoreGateConformance
{
    private readonly InMemoryStore _store = new() { IsGate = true };

    protected override IGateStore GateStore => _store;

    protected override ValueTask<StoreUnderTest> CreateAsync() =>
        ValueTask.FromResult(new StoreUnderTest(_store, _store, _store, () => ValueTask.CompletedTask));
}
