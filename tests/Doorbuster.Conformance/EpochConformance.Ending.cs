using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class EpochConformance
{
    protected abstract ISaleEnding Ending { get; }

    [Fact]
    public async Task A_sale_ends_once_it_is_closed_and_no_gate_is_looked_for_any_more()
    {
        var sale = await CreateSaleAsync();
        var other = await CreateSaleAsync("other");
        Assert.False(await Ending.PrepareAsync(sale.Id, Cancel));
        Assert.False(await Ending.EndAsync(sale.Id, epoch: 1, Cancel));

        await CloseAsync(sale);

        Assert.True(await Ending.PrepareAsync(sale.Id, Cancel));
        Assert.False(await Ending.EndAsync(sale.Id, epoch: 2, Cancel));
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, Cancel));

        // Whoever did not hear the answer asks again.
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, Cancel));
        Assert.False(await Ending.EndAsync(sale.Id, epoch: 2, Cancel));
        Assert.False(await Ending.PrepareAsync(sale.Id, Cancel));
        Assert.Equal([other.Id], (await ReadAsync()).Select(epoch => epoch.Sale));
        Assert.Equal(new SaleEpoch(sale.Id, 2, IsOver: true), await Epochs.FindEpochAsync(sale.Id, Cancel));
        Assert.Null(await Epochs.RaiseAsync(sale.Id, from: 1, to: 2, "A rebuild that had begun before.", Cancel));
        Assert.False(await Ending.PrepareAsync(SaleId.Parse("nowhere"), Cancel));
        Assert.False(await Ending.EndAsync(SaleId.Parse("nowhere"), epoch: 1, Cancel));
    }

    [Fact]
    public async Task I4_a_buyers_orders_of_an_ended_sale_are_found_however_late_they_came()
    {
        var sale = await CreateSaleAsync(limit: 3);
        var (first, ended) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "anna", "k2"));
        await FulfilAsync(Entry(sale, first, ended, Samples.Claim(sale, "bert")));
        await CancelAsync(ended);
        await CloseAsync(sale);
        Assert.True(await Ending.PrepareAsync(sale.Id, Cancel));
        var late = Samples.Claim(sale, "anna", "k3", units: 2);
        await FulfilAsync(Entry(sale, late));
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, Cancel));
        var lost = Samples.Claim(sale, "anna", "k4");
        await FulfilAsync(Entry(sale, lost));

        Assert.Equal(
            [(first.Order.Key, 1), (ended.Order.Key, 0), (late.Order.Key, 2), (lost.Order.Key, 0)],
            (await OfAsync(sale, "anna")).Select(order => (order.Key, order.Quantity)));
        Assert.Single(await OfAsync(sale, "bert"));
        Assert.Empty(await OfAsync(sale, "carl"));
    }

    [Fact]
    public async Task What_comes_late_of_an_ended_sale_is_stale_and_what_stood_is_a_replay()
    {
        var sale = await CreateSaleAsync();
        var (anna, bert) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));
        await FulfilAsync(Entry(sale, anna));
        await CloseAsync(sale);
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, Cancel));

        var orders = await FulfilAsync(Entry(sale, anna, bert));

        Assert.Equal([null, RejectionReason.AdmissionLost], orders.Select(order => order.Rejection));
        Assert.Equal(9, (await Store.Sales.ReportAsync(sale.Id, Cancel))!.Stock.Available);
    }

    [Fact]
    public async Task A_sale_does_not_end_while_a_claim_of_it_waits_for_somebody_to_see_to_it()
    {
        var sale = await CreateSaleAsync();
        await BuryAsync(sale, Samples.Claim(sale, "anna"));
        await CloseAsync(sale);

        Assert.False(await Ending.PrepareAsync(sale.Id, Cancel));
        Assert.False(await Ending.EndAsync(sale.Id, epoch: 1, Cancel));

        await Letters.RejectAsync(Assert.Single(await Letters.ListAsync(null, 9, Cancel)).Id, Cancel);
        Assert.True(await Ending.PrepareAsync(sale.Id, Cancel));
        Assert.NotEmpty(await Outbox.ReadAsync(0, 9, Cancel));
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, Cancel));
        Assert.Empty(await Outbox.ReadAsync(0, 9, Cancel));
    }

    [Fact]
    public async Task F11_late_money_of_an_ended_sale_has_its_units_or_goes_back()
    {
        var sale = await CreateSaleAsync();
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        await CloseAsync(sale);
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, Cancel));

        var revival = late with { Revival = new Revival(payment, 1) };
        Assert.Equal(OrderStatus.Expired, Assert.Single(await FulfilAsync(Entry(sale, revival))).Status);
        Assert.Equal(
            OrderStatus.Paid, Assert.Single(await FulfilAsync(Entry(sale, revival) with { Epoch = 2 })).Status);
        Assert.Equal([(late.Order.Key, 1)], (await OfAsync(sale, "anna")).Select(order => (order.Key, order.Quantity)));
    }

    private async Task CloseAsync(Sale sale) => await Store.Sales.ChangeAsync(
        sale.Id, new SaleChange.Close(), Samples.Noon, Cancel);

    private ValueTask<IReadOnlyList<HeldOrder>> OfAsync(Sale sale, string buyer) =>
        Ending.OrdersOfAsync(sale.Id, BuyerId.Parse(buyer), Cancel);
}
