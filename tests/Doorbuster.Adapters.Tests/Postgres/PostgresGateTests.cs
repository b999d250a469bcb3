using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;

namespace Doorbuster.Adapters.Tests.Postgres;

/// <summary>The in-memory gate over the PostgreSQL store keeps the suite of every gate.</summary>
public sealed class PostgresGateTests(SharedPostgres shared) : GateConformance
{
    protected override async ValueTask<StoreUnderTest> CreateStoreAsync() =>
        await (await PostgresSchema.MakeAsync(shared)).OpenForSuiteAsync();

    protected override IGate CreateGate(ILedger ledger, TimeProvider clock, int ordersPerBuyer) =>
        new InMemoryGate(ledger, clock, ordersPerBuyer);
}
