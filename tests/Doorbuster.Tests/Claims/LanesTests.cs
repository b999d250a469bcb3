using System.Text;
using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Claims;

public sealed class LanesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_sales_lane_follows_from_its_id_alone_and_is_the_same_on_every_start()
    {
        const int Count = 4;
        var lanes = new Lanes(new ScriptedGate(), new Limits(), Count, TimeProvider.System);
        var sales = Enumerable.Range(0, 200).Select(i => SaleId.Parse($"sale-{i}"));
        var byHash = sales.GroupBy(sale => Fnv1A(sale) % Count);

        var used = byHash.Select(same => Assert.Single(same.Select(lanes.Of).Distinct())).ToArray();

        Assert.Equal(Count, used.Distinct().Count());
    }

    [Fact]
    public void F16_sales_that_are_over_have_a_lane_of_their_own_and_hold_up_no_other()
    {
        var ended = new EndedSales();
        var lanes = new Lanes(new ScriptedGate(), new Limits(), 1, TimeProvider.System, ended: ended);
        var (over, open) = (SaleId.Parse("over"), SaleId.Parse("open"));
        var before = lanes.Of(over);

        ended.Note(new SaleGlance(over, Epoch: 2, Revision: 2, Version: 1, IsOver: true));

        Assert.Same(before, lanes.Of(open));
        Assert.NotSame(before, lanes.Of(over));
        ended.Note(new SaleGlance(over, Epoch: 1, Revision: 1, Version: 0));
        Assert.Same(before, lanes.Of(over));
    }

    [Fact]
    public void One_lane_takes_every_sale()
    {
        var lanes = new Lanes(new ScriptedGate(), new Limits(), 1, TimeProvider.System);

        Assert.Same(lanes.Of(SaleId.Parse("a")), lanes.Of(SaleId.Parse("b")));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Lanes(new ScriptedGate(), new Limits(), 0, TimeProvider.System));
    }

    [Fact]
    public async Task All_lanes_drain_and_then_end()
    {
        var gate = new ScriptedGate();
        var lanes = new Lanes(gate, new Limits(), 4, TimeProvider.System);
        var answers = Task.WhenAll(Enumerable.Range(0, 20).Select(i => ClaimAsync(lanes, $"sale-{i}")));
        Assert.Equal(20, lanes.Depth);
        lanes.Complete();

        await lanes.RunAsync(Cancel);

        Assert.All(await answers, answer => Assert.Equal(Outcome.Admitted, answer.Outcome));
        Assert.Equal(0, lanes.Depth);
    }

    [Fact]
    public void One_lane_that_breaks_ends_the_run_so_that_its_host_is_told()
    {
        // On the seeded thread a run that waits for the other lanes, which nothing completes, is seen as stuck.
        new SeededScheduler(1, new VirtualTimeProvider(Samples.Noon)).Run(async () =>
        {
            var gate = new ScriptedGate { During = () => throw new InvalidOperationException("The gate broke.") };
            var lanes = new Lanes(gate, new Limits(), 4, TimeProvider.System);
            var running = lanes.RunAsync(Cancel);
            Assert.Equal(ClaimAnswer.Unknown, await ClaimAsync(lanes, "drop"));

            var told = await Assert.ThrowsAsync<InvalidOperationException>(() => running);

            Assert.Equal("The gate broke.", told.Message);
        });
    }

    private static Task<ClaimAnswer> ClaimAsync(Lanes lanes, string id)
    {
        var sale = Samples.Sale(id);
        var listing = new Listing(new GateSnapshot(sale, 1, new Stock(10, 10, 0, 0, 1), 0, new Holdings()));
        return lanes.Of(sale.Id).ClaimAsync(listing, Samples.Claim(sale, "anna")).AsTask();
    }

    private static uint Fnv1A(SaleId sale) =>
        Encoding.ASCII.GetBytes(sale.ToString()).Aggregate(2166136261, (hash, octet) => (hash ^ octet) * 16777619);
}
