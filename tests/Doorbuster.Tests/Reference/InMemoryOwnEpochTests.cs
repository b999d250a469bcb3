using Doorbuster.Conformance;

namespace Doorbuster.Tests.Reference;

/// <summary>The reference of every store of one process that opens single gates anew keeps the suite itself.</summary>
public sealed class InMemoryOwnEpochTests : OwnEpochConformance
{
    protected override ValueTask<StoreUnderTest> CreateAsync()
    {
        var store = new InMemoryStore();
        return ValueTask.FromResult(new StoreUnderTest(store, store, store, () => ValueTask.CompletedTask));
    }
}
