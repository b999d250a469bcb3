using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Payments;

/// <summary>
/// F11: what a provider can tell, in every order and as often as it likes: each capture belongs to one paid order, or
/// goes back whole and once.
/// </summary>
public sealed class F11_MoneyTests
{
    [Fact]
    public async Task F11_the_same_capture_under_two_event_ids_pays_once()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => shop.Events.CaptureAsync($"{order}.1", order)));

        Assert.All(answers, answer => Assert.Equal("captured", answer.Is(200).Text("status")));
        Assert.Equal(("paid", 2L), await StandAsync(buyer, order));
        await RefundsAsync(shop);
        Assert.Equal(1, (await shop.AuditAsync(sale)).Number("sold"));
    }

    [Fact]
    public async Task F11_two_captures_for_one_order_pay_once_and_one_goes_back()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop);

        await Task.WhenAll(
            Enumerable.Range(1, 10)
                .Select(n => shop.Events.CaptureAsync(n == 1 ? $"{order}.1" : $"theirs-{n}", order)));

        Assert.Equal(("paid", 2L), await StandAsync(buyer, order));
        await shop.UntilAsync("nine went back", () => Task.FromResult(shop.Provider.Refunds.Count >= 9));
        await shop.SettleAsync();
        Assert.Equal(9, shop.Provider.Refunds.Distinct().Count());
        Assert.Equal(9, shop.Provider.Refunds.Count);
        Assert.Equal(1, (await shop.AuditAsync(sale)).Number("sold"));
    }

    [Theory]
    [InlineData(1998, "EUR")]
    [InlineData(2000, "EUR")]
    [InlineData(0, "EUR")]
    [InlineData(1999, "USD")]
    public async Task Another_amount_goes_back_as_it_was_taken_and_the_order_can_still_be_paid(
        long amount, string currency)
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, _, order) = await OrderAsync(shop);
        (await buyer.PayAsync(order)).Is(201);

        Assert.Equal(
            "refund_due", (await shop.Events.CaptureAsync($"{order}.1", order, amount, currency)).Text("status"));
        await RefundsAsync(shop, ($"{order}.1", new Money(amount, currency)));

        var shown = await buyer.ReadAsync(order);
        Assert.Equal(("reserved", "amount_differs"), (shown.Text("status"), shown.Text("reason")));
        var next = (await buyer.PayAsync(order)).Is(201).Text("paymentId");
        Assert.Equal($"{order}.2", next);
        (await shop.Events.CaptureAsync(next, order)).Is(200);
        Assert.Equal("paid", (await buyer.ReadAsync(order)).Text("status"));
    }

    [Fact]
    public async Task Money_names_its_order_by_letters_of_either_case_as_buyers_do()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, _, order) = await OrderAsync(shop);
        var small = order.ToLowerInvariant();

        Assert.Equal(order, (await buyer.ReadAsync(small)).Text("id"));
        Assert.Equal("captured", (await shop.Events.CaptureAsync("theirs", small)).Is(200).Text("status"));

        Assert.Equal("paid", (await buyer.ReadAsync(order)).Text("status"));
    }

    [Theory]
    [InlineData("no-such.00000000000000000000000000")]
    [InlineData("not an order id at all")]
    public async Task Money_for_an_order_that_nobody_knows_goes_back(string order)
    {
        await using var shop = await TurnedShop.OpenAsync();

        Assert.Equal("refund_due", (await shop.Events.CaptureAsync("theirs", order)).Is(200).Text("status"));

        await RefundsAsync(shop, ("theirs", new Money(1999, "EUR")));
        Assert.Equal("refunded", (await shop.Events.CaptureAsync("theirs", order)).Is(200).Text("status"));
    }

    [Fact]
    public async Task Money_under_another_orders_payment_pays_neither_and_goes_back()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (anna, _, first) = await OrderAsync(shop);
        var (bert, _, second) = await OrderAsync(shop);
        (await anna.PayAsync(first)).Is(201);

        (await shop.Events.CaptureAsync($"{first}.1", second)).Is(200);

        await RefundsAsync(shop, ($"{first}.1", new Money(1999, "EUR")));
        Assert.Equal("reserved", (await anna.ReadAsync(first)).Text("status"));
        Assert.Equal("reserved", (await bert.ReadAsync(second)).Text("status"));
        Assert.Equal($"{first}.2", (await anna.PayAsync(first)).Is(201).Text("paymentId"));
    }

    [Fact]
    public async Task Money_for_a_cancelled_order_goes_back()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, sale, order) = await OrderAsync(shop);
        (await buyer.PayAsync(order)).Is(201);
        (await buyer.CancelAsync(order)).Is(200);

        (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200);

        await RefundsAsync(shop, ($"{order}.1", new Money(1999, "EUR")));
        Assert.Equal("order_cancelled", (await buyer.ReadAsync(order)).Text("reason"));
        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);
    }

    [Fact]
    public async Task A_capture_counts_after_a_failure_and_a_failure_does_not_after_a_capture()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, _, order) = await OrderAsync(shop);
        (await buyer.PayAsync(order)).Is(201);

        Assert.Equal("failed", (await shop.Events.FailAsync($"{order}.1", order)).Is(200).Text("status"));
        Assert.Equal("captured", (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200).Text("status"));
        Assert.Equal("captured", (await shop.Events.FailAsync($"{order}.1", order)).Is(200).Text("status"));

        Assert.Equal(("paid", 2L), await StandAsync(buyer, order));
        await RefundsAsync(shop);
    }

    [Fact]
    public async Task A_refund_that_nobody_asked_for_is_not_believed()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, _, order) = await OrderAsync(shop);
        (await buyer.PayAsync(order)).Is(201);

        Assert.Equal("created", (await shop.Events.RefundAsync($"{order}.1", order)).Is(200).Text("status"));
        (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200);
        Assert.Equal("captured", (await shop.Events.RefundAsync($"{order}.1", order)).Is(200).Text("status"));

        Assert.Equal(("paid", 2L), await StandAsync(buyer, order));
    }

    [Fact]
    public async Task Money_under_the_next_payments_name_does_not_stop_the_next_payment()
    {
        await using var shop = await TurnedShop.OpenAsync();
        var (buyer, _, order) = await OrderAsync(shop);
        (await shop.Events.CaptureAsync($"{order}.1", "not-this-one")).Is(200);
        (await shop.Events.CaptureAsync($"{order}.1", "not-this-one")).Is(200);

        Assert.Equal($"{order}.2", (await buyer.PayAsync(order)).Is(201).Text("paymentId"));

        await RefundsAsync(shop, ($"{order}.1", new Money(1999, "EUR")));
    }

    private static async Task<(string Status, long Revision)> StandAsync(Buyer buyer, string order)
    {
        var shown = await buyer.ReadAsync(order);
        return (shown.Text("status"), shown.Number("revision"));
    }

    /// <summary>Waits until these refunds were asked for, and fails where there are others or one twice.</summary>
    private static async Task RefundsAsync(TurnedShop shop, params (string Payment, Money Amount)[] refunds)
    {
        await shop.UntilAsync(
            "what is due went back", () => Task.FromResult(shop.Provider.Refunds.Count >= refunds.Length));
        await shop.SettleAsync();
        Assert.Equal(refunds, shop.Provider.Refunds);
    }

    private static async Task<(Buyer Buyer, string Sale, string Order)> OrderAsync(TurnedShop shop)
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var buyer = shop.NewBuyer();
        return (buyer, sale, await buyer.OrderAsync(sale));
    }
}
