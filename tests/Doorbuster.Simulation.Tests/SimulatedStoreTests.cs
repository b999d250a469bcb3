using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Simulation.Storage;

namespace Doorbuster.Simulation.Tests;

/// <summary>The simulated store does what every order store does.</summary>
public sealed class SimulatedStoreTests : LedgerConformance
{
    private readonly DurableStore _disk = new();

    protected override ValueTask<StoreUnderTest> CreateAsync() => ReopenAsync();

    protected override ValueTask<StoreUnderTest> ReopenAsync()
    {
        var session = new StoreSession(_disk);
        return ValueTask.FromResult(new StoreUnderTest(session, session, session, () => ValueTask.CompletedTask));
    }
}

/// <summary>The production gate over the simulated store does what every gate does.</summary>
public sealed class GateOverSimulatedStoreTests : GateConformance
{
    protected override ValueTask<StoreUnderTest> CreateStoreAsync()
    {
        var session = new StoreSession(new DurableStore());
        return ValueTask.FromResult(new StoreUnderTest(session, session, session, () => ValueTask.CompletedTask));
    }

    protected override IGate CreateGate(ILedger ledger, TimeProvider clock, int ordersPerBuyer) =>
        new InMemoryGate(ledger, clock, ordersPerBuyer);
}
