using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;

namespace Doorbuster.Tests.Reference;

/// <summary>The in-memory gate over the reference store.</summary>
public sealed class InMemoryGateTests : GateConformance
{
    protected override ValueTask<StoreUnderTest> CreateStoreAsync()
    {
        var store = new InMemoryStore();
        return ValueTask.FromResult(new StoreUnderTest(store, store, store, () => ValueTask.CompletedTask));
    }

    protected override IGate CreateGate(ILedger ledger, TimeProvider clock, int ordersPerBuyer) =>
        new InMemoryGate(ledger, clock, ordersPerBuyer);
}
