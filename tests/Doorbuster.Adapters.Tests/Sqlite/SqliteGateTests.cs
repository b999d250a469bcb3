using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;

namespace Doorbuster.Adapters.Tests.Sqlite;

/// <summary>The in-memory gate over the SQLite store keeps the suite of every gate.</summary>
public sealed class SqliteGateTests : GateConformance
{
    private readonly SqliteFolder _folder = new();

    protected override ValueTask<StoreUnderTest> CreateStoreAsync() => _folder.OpenForSuiteAsync();

    protected override IGate CreateGate(ILedger ledger, TimeProvider clock, int ordersPerBuyer) =>
        new InMemoryGate(ledger, clock, ordersPerBuyer);

    protected override ValueTask CleanUpAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
