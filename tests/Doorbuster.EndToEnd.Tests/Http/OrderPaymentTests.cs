using System.Text.Json;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary><c>POST /v1/orders/{id}/payments</c>: where an order is paid.</summary>
public sealed class OrderPaymentTests(OpenShop shop)
{
    [Fact]
    public async Task A_payment_is_opened_once_and_the_open_one_is_found_again()
    {
        var (buyer, order) = await OrderAsync();

        var opened = (await buyer.PayAsync(order)).Is(201);
        var again = (await buyer.PayAsync(order)).Is(200);

        Assert.Equal($"{order}.1", opened.Text("paymentId"));
        Assert.True(Uri.TryCreate(opened.Text("checkoutUrl"), UriKind.Absolute, out _), opened.ToString());
        Assert.Equal("no-store", opened.Header("Cache-Control"));
        Assert.Equal(opened.Body, again.Body);
    }

    [Fact]
    public async Task The_order_shows_its_payment()
    {
        var (buyer, order) = await OrderAsync();
        Assert.False((await buyer.ReadAsync(order)).Json.TryGetProperty("payment", out _));
        var opened = (await buyer.PayAsync(order)).Is(201);

        var open = PaymentOf(await buyer.ReadAsync(order));
        (await shop.Events.CaptureAsync(opened.Text("paymentId"), order)).Is(200);
        var paid = await buyer.ReadAsync(order);

        Assert.Equal("created", open.GetProperty("status").GetString());
        Assert.Equal(opened.Text("checkoutUrl"), open.GetProperty("checkoutUrl").GetString());
        Assert.Equal(opened.Text("paymentId"), open.GetProperty("paymentId").GetString());
        Assert.Equal(("paid", 2), (paid.Text("status"), paid.Number("revision")));
        Assert.True(DateTimeOffset.TryParse(paid.Text("paidAt"), null, out _), paid.ToString());
        Assert.Equal("captured", PaymentOf(paid).GetProperty("status").GetString());
        Assert.False(PaymentOf(paid).TryGetProperty("checkoutUrl", out _), paid.ToString());
    }

    [Fact]
    public async Task A_hundred_calls_at_once_open_one_payment()
    {
        var (buyer, order) = await OrderAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => buyer.PayAsync(order)));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
    }

    [Fact]
    public async Task After_an_attempt_that_failed_the_next_is_another_payment()
    {
        var (buyer, order) = await OrderAsync();
        var first = (await buyer.PayAsync(order)).Is(201).Text("paymentId");

        (await shop.Events.FailAsync(first, order)).Is(200);
        var failed = await buyer.ReadAsync(order);
        var second = (await buyer.PayAsync(order)).Is(201).Text("paymentId");

        Assert.Equal("reserved", failed.Text("status"));
        Assert.Equal("failed", PaymentOf(failed).GetProperty("status").GetString());
        Assert.Equal((order + ".1", order + ".2"), (first, second));
    }

    [Fact]
    public async Task An_order_that_is_paid_or_cancelled_cannot_be_paid()
    {
        var (buyer, paid) = await OrderAsync();
        (await shop.Events.CaptureAsync($"{paid}.1", paid)).Is(200);
        var (other, cancelled) = await OrderAsync();
        (await other.CancelAsync(cancelled)).Is(200);

        Assert.Equal("paid", (await buyer.PayAsync(paid)).IsProblem(409, "order-not-payable").Text("orderStatus"));
        Assert.Equal(
            "cancelled", (await other.PayAsync(cancelled)).IsProblem(409, "order-not-payable").Text("orderStatus"));
    }

    [Fact]
    public async Task Another_buyers_order_does_not_exist()
    {
        var (_, order) = await OrderAsync();

        (await shop.NewBuyer().PayAsync(order)).IsProblem(404, "order-not-found");
        (await shop.Api.PostAsync($"/v1/orders/{order}/payments", Jwt.ForOperator(), "{}"))
            .IsProblem(404, "order-not-found");
        (await shop.Api.PostAsync($"/v1/orders/{order}/payments", body: "{}")).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task What_a_body_says_beyond_nothing_is_refused()
    {
        var (buyer, order) = await OrderAsync();

        (await shop.Api.PostAsync($"/v1/orders/{order}/payments", buyer.Jwt, """{"amount":1,"x":2}"""))
            .PointsAt("#/amount", "#/x");
        (await shop.Api.PostAsync($"/v1/orders/{order}/payments", buyer.Jwt)).Is(201);
    }

    private async Task<(Buyer Buyer, string Order)> OrderAsync()
    {
        var buyer = shop.NewBuyer();
        return (buyer, await buyer.OrderAsync(await shop.NewSaleAsync(new Terms(1))));
    }

    private static JsonElement PaymentOf(Answer order) => order.Is(200).Json.GetProperty("payment");
}
