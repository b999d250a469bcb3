using Doorbuster.EndToEnd.Tests.Infrastructure;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Payments;

/// <summary>
/// F11: money that meets the end of the payment window. It pays where units and the buyer's limit allow, else it goes
/// back whole and once; the shop's clock is turned by hand.
/// </summary>
public sealed class F11_LateMoneyTests
{
    [Fact]
    public async Task F11_money_a_millisecond_before_the_end_pays_and_the_end_changes_nothing()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop);
        shop.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));

        (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200);
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        await shop.SettleAsync();

        Assert.Equal("paid", (await buyer.ReadAsync(order)).Text("status"));
        Assert.Equal(1, (await shop.AuditAsync(sale)).Number("sold"));
        Assert.Empty(shop.Provider.Refunds);
    }

    [Fact]
    public async Task F11_money_after_the_end_gets_the_units_back_while_there_are_some()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop);
        await shop.ExpireAsync(buyer, order);
        Assert.Equal(1, (await shop.AuditAsync(sale)).Number("available"));

        Assert.Equal("captured", (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200).Text("status"));
        await shop.UntilStatusAsync(buyer, order, "paid");

        var audit = await shop.AuditAsync(sale);
        Assert.Equal((0, 1), (audit.Number("available"), audit.Number("sold")));
        (await shop.NewBuyer().ClaimAsync(sale)).IsProblem(409, "sold-out");
        await shop.SettleAsync();
        Assert.Empty(shop.Provider.Refunds);
    }

    [Fact]
    public async Task F11_at_the_same_instant_every_order_is_paid_once()
    {
        const int Orders = 40;
        await using var shop = await TurnedShop.OpenAsync();
        var sale = await shop.NewSaleAsync(new Terms(Orders));
        var buyers = Enumerable.Range(0, Orders).Select(_ => shop.NewBuyer()).ToList();
        var orders = await Task.WhenAll(buyers.Select(buyer => buyer.OrderAsync(sale)));
        shop.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));

        // The window ends while the money is on its way, and twice for each order.
        var captures = orders.Concat(orders).Select(order => shop.Events.CaptureAsync($"{order}.1", order)).ToList();
        for (var i = 0; i < 20; i++)
        {
            shop.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.All(await Task.WhenAll(captures), answer => answer.Is(200));
        for (var i = 0; i < Orders; i++)
        {
            await shop.UntilStatusAsync(buyers[i], orders[i], "paid");
        }

        Assert.Equal(Orders, (await shop.AuditAsync(sale)).Number("sold"));
        await shop.SettleAsync();
        Assert.Empty(shop.Provider.Refunds);
    }

    [Fact]
    public async Task F11_where_another_has_the_unit_the_money_goes_back_once_and_the_order_stays_expired()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop);
        await shop.ExpireAsync(buyer, order);
        var other = shop.NewBuyer();
        var second = await other.OrderAsync(sale);

        (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200);
        await shop.UntilPaymentAsync(buyer, order, "refunded");

        var shown = await buyer.ReadAsync(order);
        Assert.Equal(("expired", "no_units_left"), (shown.Text("status"), shown.Text("reason")));
        Assert.Equal("reserved", (await other.ReadAsync(second)).Text("status"));
        await shop.SettleAsync();
        Assert.Equal([($"{order}.1", new Money(1999, "EUR"))], shop.Provider.Refunds);
        Assert.Equal(1, (await shop.AuditAsync(sale)).Number("reserved"));
        var told = await Feed.ReadAsync(shop.Api, sale, limit: 100);
        Assert.Equal(
            [
                "order.reserved", "order.expired", "payment.captured", "order.reviving", "payment.refund_due",
                "payment.refunded",
            ],
            told.Where(item => item.OrderId == order).Select(item => item.Type));
        await Feed.AgreesAsync(shop.Api, told);
    }

    [Fact]
    public async Task F11_a_buyer_who_has_bought_again_gets_the_late_money_back()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop, quantity: 5);
        await shop.ExpireAsync(buyer, order);
        var second = (await buyer.ClaimAsync(sale, "again")).Is(201).Text("id");

        (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200);
        await shop.UntilPaymentAsync(buyer, order, "refunded");

        Assert.Equal("buyer_limit", (await buyer.ReadAsync(order)).Text("reason"));
        Assert.Equal("reserved", (await buyer.ReadAsync(second)).Text("status"));
        Assert.Single(shop.Provider.Refunds);
        Assert.Equal(4, (await shop.AuditAsync(sale)).Number("available"));
    }

    [Fact]
    public async Task F11_of_two_late_payments_one_pays_and_the_other_goes_back()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop, quantity: 5);
        await shop.ExpireAsync(buyer, order);

        var both = await Task.WhenAll(
            shop.Events.CaptureAsync($"{order}.1", order), shop.Events.CaptureAsync("theirs", order));
        Assert.All(both, answer => answer.Is(200));
        await shop.UntilStatusAsync(buyer, order, "paid");
        await shop.UntilAsync("one went back", () => Task.FromResult(shop.Provider.Refunds.Count > 0));
        await shop.SettleAsync();

        Assert.Single(shop.Provider.Refunds);
        Assert.Equal(1, (await shop.AuditAsync(sale)).Number("sold"));
    }

    [Fact]
    public async Task F11_late_money_that_the_gate_has_no_time_for_is_not_forgotten_over_a_refund_that_fails()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop);
        await shop.ExpireAsync(buyer, order);
        _ = await shop.NewBuyer().OrderAsync(sale);
        shop.Provider.Failures = 3;

        (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200);
        await shop.UntilPaymentAsync(buyer, order, "refunded");

        Assert.Equal(0, shop.Provider.Failures);
        Assert.Single(shop.Provider.Refunds);
    }

    [Fact]
    public async Task A_refund_that_is_taken_on_is_done_once_its_event_says_so()
    {
        await using var shop = await TurnedShop.OpenAsync();
        shop.Provider.Receipt = RefundReceipt.Accepted;
        var (buyer, _, order) = await OrderAsync(shop);
        (await buyer.CancelAsync(order)).Is(200);

        (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200);
        await shop.UntilAsync("it was asked for", () => Task.FromResult(shop.Provider.Refunds.Count > 0));
        Assert.Equal("refund_due", PaymentOf(await buyer.ReadAsync(order)));
        Assert.Equal("refunded", (await shop.Events.RefundAsync($"{order}.1", order)).Is(200).Text("status"));
        var asked = shop.Provider.Refunds.Count;
        await shop.SettleAsync();

        Assert.Equal("refunded", PaymentOf(await buyer.ReadAsync(order)));
        Assert.Equal(asked, shop.Provider.Refunds.Count);
    }

    [Fact]
    public async Task While_the_provider_is_down_a_buyer_is_told_to_come_back_and_then_pays()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, _, order) = await OrderAsync(shop);
        shop.Provider.Failures = 1;

        (await buyer.PayAsync(order)).IsProblem(503, "payment-unavailable");
        var opened = (await buyer.PayAsync(order)).Is(200);

        Assert.Equal($"https://pay.example/{order}.1", opened.Text("checkoutUrl"));
    }

    [Fact]
    public async Task An_order_whose_window_is_over_is_neither_paid_nor_cancelled()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop);
        await shop.ExpireAsync(buyer, order);

        Assert.Equal("expired", (await buyer.PayAsync(order)).IsProblem(409, "order-not-payable").Text("orderStatus"));
        Assert.Equal(
            "expired", (await buyer.CancelAsync(order)).IsProblem(409, "order-not-cancellable").Text("orderStatus"));
        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);
    }

    private static string? PaymentOf(Answer order) =>
        order.Is(200).Json.GetProperty("payment").GetProperty("status").GetString();

    private static async Task<(Buyer Buyer, string Sale, string Order)> OrderAsync(TurnedShop shop, int quantity = 1)
    {
        var sale = await shop.NewSaleAsync(new Terms(quantity));
        var buyer = shop.NewBuyer();
        return (buyer, sale, await buyer.OrderAsync(sale));
    }
}
