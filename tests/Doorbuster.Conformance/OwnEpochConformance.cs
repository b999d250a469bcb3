using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>
/// What a store that one process owns does where a single sale's gate is opened anew. A store's tests inherit it and
/// say how an empty store is made.
/// </summary>
public abstract class OwnEpochConformance : IAsyncLifetime
{
    private readonly Sale _sale = Samples.Sale();
    private readonly Sale _other = Samples.Sale("other");
    private StoreUnderTest? _store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private StoreUnderTest Store => _store!;

    private IEpochs Epochs => (IEpochs)Store.Sales;

    public async ValueTask InitializeAsync()
    {
        _store = await CreateAsync();
        await _store.Sales.TakeOverAsync(Cancel);
        Assert.NotNull(await Store.Sales.CreateAsync(_sale, Cancel));
        Assert.NotNull(await Store.Sales.CreateAsync(_other, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an empty store and opens it.</summary>
    protected abstract ValueTask<StoreUnderTest> CreateAsync();

    [Fact]
    public async Task I1_what_was_decided_under_the_epoch_before_is_refused_and_the_sale_stays_ours()
    {
        await CommitAsync(_sale, epoch: 1, before: 0, "anna", "bert");
        await Store.Orders.ApplyAsync(
            [new OrderCommand.Cancel(Samples.Claim(_sale, "bert").Order)], Samples.Noon, Cancel);

        var snapshot = await Epochs.RaiseAsync(_sale.Id, from: 1, to: 2, "Somebody asked for it.", Cancel);

        Assert.Equal((2, 2), (snapshot!.Epoch, snapshot.Admitted));
        Assert.Equal((9, 1), (snapshot.Stock.Available, snapshot.Stock.Reserved));
        Assert.Equal([("anna", 1), ("bert", 0)], snapshot.Holdings.All().Select(h => ($"{h.Buyer}", h.Order.Quantity)));
        Assert.Equal([(_sale.Id, 2L), (_other.Id, 1L)], (await Epochs.ReadEpochsAsync(Cancel)).Select(Pair));

        var late = await TryCommitAsync(_sale, epoch: 1, before: 2, "carl");
        Assert.False(late.Covers(_sale.Id));
        await CommitAsync(_sale, epoch: 2, before: 2, "carl");
        await CommitAsync(_other, epoch: 1, before: 0, "anna");
        var paused = await Store.Sales.ChangeAsync(_sale.Id, new SaleChange.Pause(), Samples.Noon, Cancel);
        Assert.Equal(SaleChangeOutcome.Done, paused.Outcome);
    }

    [Fact]
    public async Task An_epoch_is_raised_from_the_one_that_stands_alone()
    {
        Assert.Null(await Epochs.RaiseAsync(_sale.Id, from: 7, to: 8, "It is ahead.", Cancel));
        Assert.Null(await Epochs.RaiseAsync(SaleId.Parse("nowhere"), from: 1, to: 2, "There is none.", Cancel));
        Assert.Equal(new SaleEpoch(_sale.Id, 1), await Epochs.FindEpochAsync(_sale.Id, Cancel));
        Assert.Null(await Epochs.FindEpochAsync(SaleId.Parse("nowhere"), Cancel));
    }

    private static (SaleId, long) Pair(SaleEpoch epoch) => (epoch.Sale, epoch.Epoch);

    private async Task CommitAsync(Sale sale, long epoch, long before, params string[] buyers) =>
        Assert.True((await TryCommitAsync(sale, epoch, before, buyers)).Covers(sale.Id));

    private ValueTask<CommitReceipt> TryCommitAsync(Sale sale, long epoch, long before, params string[] buyers) =>
        Store.Ledger.CommitAsync(
            [Samples.Admissions(sale, epoch, before, [.. buyers.Select(buyer => Samples.Order(sale, buyer))])],
            Cancel);
}
