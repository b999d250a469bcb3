using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>Late money's claims come by the log too.</summary>
public abstract partial class FulfilmentConformance
{
    [Fact]
    public async Task Late_money_gets_its_units_once_and_pays_its_order()
    {
        var sale = await CreateSaleAsync();
        var revive = await ExpireAndCaptureAsync(sale, "anna");

        var paid = Assert.Single(await FulfilAsync(Entry(sale, revive)));
        var again = await FulfilAsync(Entry(sale, revive), Entry(sale, revive));

        Assert.Equal(OrderStatus.Paid, paid.Status);
        Assert.Equal([paid, paid], again);
        Assert.Equal(paid, Assert.Single(await FindAsync(revive)));
        Assert.Equal((9, 0, 1), await UnitsAsync(sale));
        Assert.Empty(await ToldAsync());
        Assert.Empty(await Orders.UnsettledAsync(0, 10, Cancel));
    }

    [Fact]
    public async Task Late_money_whose_units_there_are_not_goes_back_and_the_gate_has_drifted()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        var revive = await ExpireAndCaptureAsync(sale, "anna");
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "bert")));

        var order = Assert.Single(await FulfilAsync(Entry(sale, revive)));

        Assert.Equal(OrderStatus.Expired, order.Status);
        var (_, due) = Assert.Single(await Orders.UnsettledAsync(0, 10, Cancel));
        Assert.Equal((PaymentState.RefundDue, RefundReason.NoUnitsLeft), (due.State, due.RefundReason));
        Assert.Equal((0, 1, 0), await UnitsAsync(sale));
        Assert.Equal("drifted e1", await ToldAsync());
    }

    [Fact]
    public async Task I3_Late_money_of_a_buyer_at_the_limit_goes_back_and_so_do_its_units()
    {
        var sale = await CreateSaleAsync();
        var revive = await ExpireAndCaptureAsync(sale, "anna");
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "anna", "other")));

        await FulfilAsync(Entry(sale, revive));

        var (_, due) = Assert.Single(await Orders.UnsettledAsync(0, 10, Cancel));
        Assert.Equal(RefundReason.BuyerLimit, due.RefundReason);
        Assert.Equal("anna t1 e1", await ToldAsync());

        // A late copy finds that it is decided: whatever a gate took for it is the sale's.
        await FulfilAsync(Entry(sale, revive));
        Assert.Equal("anna t1 e1, anna t1 e1", await ToldAsync());
        Assert.Equal((9, 1, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task Late_money_of_an_older_epoch_is_left_to_ask_again()
    {
        var sale = await CreateSaleAsync();
        var revive = await ExpireAndCaptureAsync(sale, "anna");
        await Sales.TakeOverAsync(Cancel);

        Assert.Equal(OrderStatus.Expired, Assert.Single(await FulfilAsync(Entry(sale, revive))).Status);
        Assert.NotNull(Assert.Single(await Orders.UnsettledAsync(0, 10, Cancel)).Payment.Reviving);
        Assert.Empty(await ToldAsync());

        var asked = Entry(sale, revive) with { Epoch = 2 };
        Assert.Equal(OrderStatus.Paid, Assert.Single(await FulfilAsync(asked)).Status);
        Assert.Equal((9, 0, 1), await UnitsAsync(sale));
    }

    /// <summary>An order expires, and its money comes after that.</summary>
    /// <returns>The claim by which it asks for its units again.</returns>
    private async Task<Claim> ExpireAndCaptureAsync(Sale sale, string buyer)
    {
        var claim = Samples.Claim(sale, buyer);
        var order = Assert.Single(await FulfilAsync(Entry(sale, claim)));
        await Orders.ApplyAsync([new OrderCommand.OpenPayment(order.Id)], Samples.Noon, Cancel);
        var answers = await Orders.ApplyAsync(
            [
                new OrderCommand.Expire(order.Id),
                new OrderCommand.Capture(PaymentId.Of(order.Id, 1), $"{order.Id}", order.Amount),
            ],
            order.ExpiresAt,
            Cancel);
        Assert.Equal(1, answers[^1].Payment!.Reviving);
        return claim with { Revival = new Revival(PaymentId.Of(order.Id, 1), 1) };
    }
}
