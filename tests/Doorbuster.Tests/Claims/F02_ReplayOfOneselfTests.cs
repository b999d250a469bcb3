using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Fulfilment;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>
/// A call to a shared gate whose answer was lost is made again (F02), so that what the gate replays may be that call.
/// </summary>
public sealed class F02_ReplayOfOneselfTests
{
    /// <summary>I4: who is told busy is told that nothing was admitted.</summary>
    [Fact]
    public void F02_a_replay_that_the_store_cannot_show_is_unknown_and_not_busy() =>
        new SeededScheduler(1, Clock).Run(async () =>
        {
            var sale = Samples.Sale();
            var gate = new InMemorySharedGate(Clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromSeconds(30));
            var stock = new Stock(sale.Quantity, sale.Quantity, 0, 0, 0);
            await gate.OpenAsync(new GateSnapshot(sale, 1, stock, 0, new Holdings()), default);
            var listing = new Listing(sale, new StockView(1, 0, sale.Quantity));
            var buyer = BuyerId.Parse("anna");
            await gate.ClaimAsync([Samples.Batch(sale, new Claim(listing.OrderIds.Mint(buyer, "k"), buyer, 1))], default);
            var lanes = new Lanes(gate, new Limits(), 1, Clock);
            var running = lanes.RunAsync(CancellationToken.None);

            var desk = new ClaimDesk(lanes, new Unreadable(), Clock, isQueued: true);
            Assert.Null((await desk.ClaimAsync(listing, buyer, "k", 1, default)).Outcome);
            await Assert.ThrowsAsync<StoreUnavailableException>(
                () => desk.ClaimAsync(listing, buyer, "k", 2, default).AsTask());

            lanes.Complete();
            await running;
        });

    private static VirtualTimeProvider Clock { get; } = new(Samples.Noon);

    private sealed class Unreadable : ILedger
    {
        public ValueTask<CommitReceipt> CommitAsync(
            IReadOnlyList<Admissions> admissions, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A shared gate commits nothing.");

        public ValueTask<IReadOnlySet<OrderKey>?> ReadBackAsync(
            Admissions admissions, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A shared gate commits nothing.");

        public ValueTask<IReadOnlyList<Order>> FindAsync(
            IReadOnlyList<OrderId> orders, CancellationToken cancellationToken) =>
            throw new StoreUnavailableException("It is away.");
    }
}
