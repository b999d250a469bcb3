using Doorbuster.Conformance;

namespace Doorbuster.Tests.Reference;

/// <summary>The reference store keeps its own suite.</summary>
public sealed class InMemoryStoreTests : LedgerConformance
{
    private readonly InMemoryStore _store = new();

    protected override ValueTask<StoreUnderTest> CreateAsync() => ReopenAsync();

    protected override ValueTask<StoreUnderTest> ReopenAsync() =>
        ValueTask.FromResult(new StoreUnderTest(_store, _store, _store, () => ValueTask.CompletedTask));
}
