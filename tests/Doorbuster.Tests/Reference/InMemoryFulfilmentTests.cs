using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;

namespace Doorbuster.Tests.Reference;

/// <summary>The reference of every store behind a claim log keeps the suite itself.</summary>
public sealed class InMemoryFulfilmentTests : FulfilmentConformance
{
    private readonly InMemoryStore _store = new();

    protected override IFulfilmentLedger Fulfilment => _store;

    protected override IOutbox Outbox => _store;

    protected override ValueTask<StoreUnderTest> CreateAsync() =>
        ValueTask.FromResult(new StoreUnderTest(_store, _store, _store, () => ValueTask.CompletedTask));

    protected override Task<IReadOnlyList<OrderId>> DeadLettersAsync() => Task.FromResult(_store.DeadLetters);
}
