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
        Assert.Null(await PrepareAsync(sale));
        Assert.False(await Ending.EndAsync(sale.Id, epoch: 1, prepared: 0, Cancel));

        await CloseAsync(sale);

        Assert.NotNull(await PrepareAsync(sale));
        Assert.False(await Ending.EndAsync(sale.Id, epoch: 2, prepared: 0, Cancel));
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, prepared: 0, Cancel));

        // Whoever did not hear the answer asks again.
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, prepared: 0, Cancel));
        Assert.False(await Ending.EndAsync(sale.Id, epoch: 2, prepared: 0, Cancel));
        Assert.Null(await PrepareAsync(sale));
        Assert.Equal([other.Id], (await ReadAsync()).Select(epoch => epoch.Sale));
        Assert.Equal(new SaleEpoch(sale.Id, 2, IsOver: true), await Epochs.FindEpochAsync(sale.Id, Cancel));
        Assert.Null(await Epochs.RaiseAsync(sale.Id, from: 1, to: 2, "A rebuild that had begun before.", Cancel));
        Assert.Null(await PrepareAsync(Samples.Sale("nowhere")));
        Assert.False(await Ending.EndAsync(SaleId.Parse("nowhere"), epoch: 1, prepared: 0, Cancel));
    }

    [Fact]
    public async Task I4_a_buyers_orders_of_an_ended_sale_are_found_however_late_they_came()
    {
        var sale = await CreateSaleAsync(limit: 3);
        var (first, ended) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "anna", "k2"));
        await FulfilAsync(Entry(sale, first, ended, Samples.Claim(sale, "bert")));
        await CancelAsync(ended);
        await CloseAsync(sale);
        var prepared = await PrepareAsync(sale);
        var late = Samples.Claim(sale, "anna", "k3", units: 2);
        await FulfilAsync(Entry(sale, late));
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, prepared!.Value, Cancel));
        var lost = Samples.Claim(sale, "anna", "k4");
        await FulfilAsync(Entry(sale, lost));

        Assert.Equal(
            [(first.Order.Key, 1), (ended.Order.Key, 0), (late.Order.Key, 2), (lost.Order.Key, 0)],
            (await OfAsync(sale, "anna")).Select(order => (order.Key, order.Quantity)));
        Assert.Single(await OfAsync(sale, "bert"));
        Assert.Empty(await OfAsync(sale, "carl"));
        var all = await Ending.OrdersOfAsync(
            sale.Id, [BuyerId.Parse("carl"), BuyerId.Parse("bert"), BuyerId.Parse("anna")], Cancel);
        Assert.Equal([0, 1, 4], all.Select(orders => orders.Count));
    }

    [Fact]
    public async Task What_comes_late_of_an_ended_sale_is_stale_and_what_stood_is_a_replay()
    {
        var sale = await CreateSaleAsync();
        var (anna, bert) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));
        await FulfilAsync(Entry(sale, anna));
        await CloseAsync(sale);
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, prepared: 0, Cancel));

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

        Assert.Null(await PrepareAsync(sale));
        Assert.False(await Ending.EndAsync(sale.Id, epoch: 1, prepared: 0, Cancel));

        await Letters.RejectAsync(Assert.Single(await Letters.ListAsync(null, 9, Cancel)).Id, Cancel);
        Assert.NotNull(await PrepareAsync(sale));
        Assert.NotEmpty(await Outbox.ReadAsync(0, 9, Cancel));
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, prepared: 0, Cancel));
        Assert.Empty(await Outbox.ReadAsync(0, 9, Cancel));
    }

    [Fact]
    public async Task F11_late_money_of_an_ended_sale_has_its_units_or_goes_back()
    {
        var sale = await CreateSaleAsync();
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        await CloseAsync(sale);
        Assert.True(await Ending.EndAsync(sale.Id, epoch: 1, prepared: 0, Cancel));

        var revival = late with { Revival = new Revival(payment, 1) };
        Assert.Equal(OrderStatus.Expired, Assert.Single(await FulfilAsync(Entry(sale, revival))).Status);
        Assert.Equal(
            OrderStatus.Paid, Assert.Single(await FulfilAsync(Entry(sale, revival) with { Epoch = 2 })).Status);
        Assert.Equal([(late.Order.Key, 1)], (await OfAsync(sale, "anna")).Select(order => (order.Key, order.Quantity)));
    }

    private async Task CloseAsync(Sale sale) => await Store.Sales.ChangeAsync(
        sale.Id, new SaleChange.Close(), Samples.Noon, Cancel);

    private ValueTask<long?> PrepareAsync(Sale sale) => Ending.PrepareAsync(sale.Id, prepared: 0, Cancel);

    private async Task<IReadOnlyList<HeldOrder>> OfAsync(Sale sale, string buyer) =>
        Assert.Single(await Ending.OrdersOfAsync(sale.Id, [BuyerId.Parse(buyer)], Cancel));
}
