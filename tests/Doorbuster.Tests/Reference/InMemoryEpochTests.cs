using System.Globalization;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Reconciliation;

namespace Doorbuster.Tests.Reference;

/// <summary>The reference of every store that opens gates anew keeps the suite itself.</summary>
public sealed class InMemoryEpochTests : EpochConformance
{
    private readonly InMemoryStore _store = new();

    protected override IEpochs Epochs => _store;

    protected override ILostClaims LostClaims => _store;

    protected override IDeadLetters Letters => _store;

    protected override ISaleEnding Ending => _store;

    protected override IOutbox Outbox => _store;

    protected override IFulfilmentLedger Fulfilment => _store;

    protected override ValueTask<StoreUnderTest> CreateAsync() =>
        ValueTask.FromResult(new StoreUnderTest(_store, _store, _store, () => ValueTask.CompletedTask));

    protected override Task<string> LettersAsync() => Task.FromResult(string.Join(
        ", ",
        _store.Letters.Select(letter => string.Create(
            CultureInfo.InvariantCulture, $"{letter.Claims[0].Buyer} e{letter.Epoch}"))));
}
