using Doorbuster.Notification;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class EpochConformance
{
    [Fact]
    public async Task I4_a_claim_that_nobody_knows_is_rejected_and_nobody_knows_what_it_asked_for()
    {
        var sale = await CreateSaleAsync();
        var claim = Samples.Claim(sale, "anna", units: 1);
        await RaiseAsync(sale, from: 1);

        var told = await LoseAsync(claim, epoch: 2);

        Assert.Equal(Order.Lost(claim.Order, claim.Buyer, "EUR", Samples.Noon), told);
        Assert.Equal(told, await LoseAsync(claim, epoch: 2));
        Assert.Equal([told!], await Store.Ledger.FindAsync([claim.Order], Cancel));
        Assert.Equal(
            [(EventKind.OrderRejected, 0)],
            (await Store.Orders.EventsAsync(sale.Id, 0, 9, Cancel)).Select(e => (e.Kind, e.Quantity)));

        // The gate is told once, for it must know the claim as one that has ended.
        var entry = Assert.Single(await ((IOutbox)Fulfilment).ReadAsync(0, 9, Cancel));
        Assert.Equal(new Release(claim.Order, claim.Buyer, Turn: 0, Epoch: 2), entry.Release);
        Assert.Equal("anna 0", Held(await RaiseAsync(sale, from: 2), claim));
    }

    [Fact]
    public async Task F20_a_lost_claim_that_surfaces_again_is_a_replay_of_its_rejection()
    {
        var sale = await CreateSaleAsync();
        var claim = Samples.Claim(sale, "anna");
        await RaiseAsync(sale, from: 1);
        var told = await LoseAsync(claim, epoch: 2);

        Assert.Equal([told!], await FulfilAsync(Entry(sale, claim)));
        Assert.Equal([told!], await FulfilAsync(Entry(sale, claim) with { Epoch = 2 }));
        Assert.Equal(10, (await Store.Sales.ReportAsync(sale.Id, Cancel))!.Stock.Available);
    }

    [Fact]
    public async Task I4_nothing_is_rejected_that_stands_or_that_somebody_may_still_make_an_order()
    {
        var sale = await CreateSaleAsync();
        var (anna, bert, carl) =
            (Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"), Samples.Claim(sale, "carl"));
        var stands = Assert.Single(await FulfilAsync(Entry(sale, anna)));
        await BuryAsync(sale, bert);

        Assert.Equal(stands, await LoseAsync(anna, epoch: 1));
        Assert.Null(await LoseAsync(bert, epoch: 1));

        // The gate was asked before it was rebuilt: what it said then is nothing that it says now.
        await RaiseAsync(sale, from: 1);
        Assert.Null(await LoseAsync(carl, epoch: 1));
        Assert.Equal([stands], await Store.Ledger.FindAsync([anna.Order, bert.Order, carl.Order], Cancel));
        Assert.Null(await LoseAsync(Samples.Claim(Samples.Sale("nowhere"), "anna"), epoch: 1));
    }

    private ValueTask<Order?> LoseAsync(Claim claim, long epoch) =>
        LostClaims.RejectLostAsync(claim.Order, claim.Buyer, epoch, Cancel);
}
