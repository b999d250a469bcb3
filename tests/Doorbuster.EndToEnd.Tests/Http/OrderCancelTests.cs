using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary><c>POST /v1/orders/{id}/cancel</c>: a buyer gives an order up, for others to buy.</summary>
public sealed class OrderCancelTests(OpenShop shop)
{
    [Fact]
    public async Task An_order_that_waits_for_payment_is_cancelled_once()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));
        var buyer = shop.NewBuyer();
        var order = await buyer.OrderAsync(sale);

        var cancelled = (await buyer.CancelAsync(order)).Is(200);
        var again = (await buyer.CancelAsync(order)).Is(200);

        Assert.Equal(("cancelled", 2), (cancelled.Text("status"), cancelled.Number("revision")));
        Assert.Equal("no-store", cancelled.Header("Cache-Control"));
        Assert.Equal(cancelled.Body, again.Body);
        Assert.Equal(cancelled.Body, (await buyer.ReadAsync(order)).Is(200).Body);
    }

    [Fact]
    public async Task Its_units_are_sold_again_though_the_sale_was_sold_out()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var (first, second) = (shop.NewBuyer(), shop.NewBuyer());
        var order = await first.OrderAsync(sale);
        (await second.ClaimAsync(sale)).IsProblem(409, "sold-out");

        (await first.CancelAsync(order)).Is(200);

        (await second.ClaimAsync(sale)).Is(201);
        (await first.ClaimAsync(sale)).IsProblem(409, "sold-out");
    }

    [Fact]
    public async Task Its_buyer_may_buy_again_and_its_key_still_means_the_order_that_was_given_up()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));
        var buyer = shop.NewBuyer();
        var order = (await buyer.ClaimAsync(sale, "the-key")).Is(201).Text("id");

        (await buyer.CancelAsync(order)).Is(200);

        var replay = (await buyer.ClaimAsync(sale, "the-key")).Is(200);
        Assert.Equal((order, "cancelled"), (replay.Text("id"), replay.Text("status")));
        (await buyer.ClaimAsync(sale, "another-key")).Is(201);
    }

    [Fact]
    public async Task A_hundred_calls_at_once_give_the_units_back_once()
    {
        var sale = await shop.NewSaleAsync(new Terms(2));
        var buyer = shop.NewBuyer();
        var order = await buyer.OrderAsync(sale);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => buyer.CancelAsync(order)));

        Assert.All(answers, answer => Assert.Equal("cancelled", answer.Is(200).Text("status")));
        var audit = await shop.Api.GetAsync($"/v1/sales/{sale}/audit", Jwt.ForOperator());
        Assert.Equal((2, true), (audit.Number("available"), audit.Json.GetProperty("lawHolds").GetBoolean()));
    }

    [Fact]
    public async Task An_order_that_is_paid_or_expired_is_not_cancelled()
    {
        var sale = await shop.NewSaleAsync(new Terms(2));
        var buyer = shop.NewBuyer();
        var order = await buyer.OrderAsync(sale);
        (await shop.Events.CaptureAsync($"{order}.1", order)).Is(200);

        var refused = (await buyer.CancelAsync(order)).IsProblem(409, "order-not-cancellable");

        Assert.Equal("paid", refused.Text("orderStatus"));
    }

    [Fact]
    public async Task Another_buyers_order_does_not_exist()
    {
        var sale = await shop.NewSaleAsync(new Terms(2));
        var order = await shop.NewBuyer().OrderAsync(sale);

        var of = (await shop.NewBuyer().CancelAsync(order)).IsProblem(404, "order-not-found");
        var ofNobody = (await shop.NewBuyer().CancelAsync("no-such.00000000000000000000000000"))
            .IsProblem(404, "order-not-found");
        var asOperator = (await shop.Api.PostAsync($"/v1/orders/{order}/cancel", Jwt.ForOperator()))
            .IsProblem(404, "order-not-found");

        Assert.Equal(of.Body, ofNobody.Body);
        Assert.Equal(of.Body, asOperator.Body);
    }

    [Fact]
    public async Task Nobody_cancels_without_signing_in()
    {
        var sale = await shop.NewSaleAsync(new Terms(2));
        var order = await shop.NewBuyer().OrderAsync(sale);

        (await shop.Api.PostAsync($"/v1/orders/{order}/cancel")).IsProblem(401, "unauthenticated");
    }

    [Theory]
    [InlineData("""{"reason":"too dear"}""", "#/reason")]
    [InlineData("[]", "#")]
    public async Task What_a_body_says_beyond_nothing_is_refused(string body, string place)
    {
        var sale = await shop.NewSaleAsync(new Terms(2));
        var buyer = shop.NewBuyer();
        var order = await buyer.OrderAsync(sale);

        (await shop.Api.PostAsync($"/v1/orders/{order}/cancel", buyer.Jwt, body)).PointsAt(place);

        Assert.Equal("reserved", (await buyer.ReadAsync(order)).Text("status"));
        (await shop.Api.PostAsync($"/v1/orders/{order}/cancel", buyer.Jwt, "{}")).Is(200);
    }

    [Fact]
    public async Task It_is_a_call_to_post() => (await shop.Api.GetAsync("/v1/orders/a/cancel")).IsProblem(
        405, "method-not-allowed");
}
