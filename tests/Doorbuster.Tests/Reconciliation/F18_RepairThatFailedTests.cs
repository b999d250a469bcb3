using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Reconciliation;

/// <summary>I1: a repair that came to nothing hides no other owner of the store.</summary>
public sealed class F18_RepairThatFailedTests
{
    private readonly InMemoryStore _store = new();
    private readonly InMemoryGate _gate;
    private readonly Sale _sale = Samples.Sale(quantity: 10, limit: 3);
    private readonly List<SaleId> _lost = [];

    public F18_RepairThatFailedTests()
    {
        _gate = new InMemoryGate(_store, new VirtualTimeProvider(Samples.Noon), ordersPerBuyer: 64);
        _gate.OwnershipLost += _lost.Add;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_owner_is_seen_after_a_repair_that_the_store_refused()
    {
        await OpenAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => RepairAsync(new Away(_store)));

        await ClaimAfterAnotherTookOverAsync();

        Assert.Equal([_sale.Id], _lost);
    }

    [Fact]
    public async Task Another_owner_is_seen_where_it_was_there_before_the_repair()
    {
        await OpenAsync();
        Assert.Null(await RepairAsync(new Late(_store)));

        await ClaimAfterAnotherTookOverAsync();

        Assert.Equal([_sale.Id], _lost);
    }

    [Fact]
    public async Task Our_own_repair_is_nobody_elses_hand()
    {
        await OpenAsync();

        Assert.NotNull(await RepairAsync(_store));
        await ClaimAsync("anna");

        Assert.Empty(_lost);
    }

    private async Task OpenAsync() => await _gate.OpenAsync((await _store.CreateAsync(_sale, Cancel))!, Cancel);

    private Task<StockView?> RepairAsync(IEpochs epochs) =>
        new OwnGateReopening(_gate, epochs).RebuildAsync(_sale.Id, "A test.", Cancel);

    private async Task ClaimAfterAnotherTookOverAsync()
    {
        await _store.TakeOverAsync(Cancel);
        await ClaimAsync("anna");
    }

    private async Task ClaimAsync(string buyer) =>
        await _gate.ClaimAsync([Samples.Batch(_sale, Samples.Claim(_sale, buyer))], Cancel);

    /// <summary>A store that cannot be written now.</summary>
    private sealed class Away(IEpochs inner) : ForwardedEpochs(inner)
    {
        public override ValueTask<GateSnapshot?> RaiseAsync(
            SaleId sale, long from, long to, string reason, CancellationToken cancellationToken) =>
            throw new StoreUnavailableException("The disk is full.");
    }

    /// <summary>A store whose epoch somebody else has raised just before.</summary>
    private sealed class Late(IEpochs inner) : ForwardedEpochs(inner)
    {
        public override ValueTask<GateSnapshot?> RaiseAsync(
            SaleId sale, long from, long to, string reason, CancellationToken cancellationToken) => default;
    }

    private abstract class ForwardedEpochs(IEpochs inner) : IEpochs
    {
        public ValueTask<IReadOnlyList<SaleEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
            inner.ReadEpochsAsync(cancellationToken);

        public ValueTask<SaleEpoch?> FindEpochAsync(SaleId sale, CancellationToken cancellationToken) =>
            inner.FindEpochAsync(sale, cancellationToken);

        public abstract ValueTask<GateSnapshot?> RaiseAsync(
            SaleId sale, long from, long to, string reason, CancellationToken cancellationToken);
    }
}
