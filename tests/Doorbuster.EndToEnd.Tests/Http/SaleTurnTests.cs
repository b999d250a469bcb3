using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>POST /v1/sales/{id}/pause, resume and close: what claims meet from then on, and what they do not.</summary>
public sealed class SaleTurnTests(OpenShop shop)
{
    [Fact]
    public async Task A_paused_sale_admits_nothing_until_it_is_resumed()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));
        var before = (await shop.Api.SaleAsync(sale)).Is(200);

        var paused = (await shop.Api.OperateAsync(sale, "pause")).Is(200);
        Assert.Equal(("paused", 2), (paused.Text("state"), paused.Number("revision")));
        Assert.Equal("no-store", paused.Header("Cache-Control"));
        Assert.NotEqual(before.Header("ETag"), paused.Header("ETag"));
        (await shop.NewBuyer().ClaimAsync(sale)).IsProblem(409, "sale-paused");

        var resumed = (await shop.Api.OperateAsync(sale, "resume")).Is(200);
        Assert.Equal(("open", 3), (resumed.Text("state"), resumed.Number("revision")));
        (await shop.NewBuyer().ClaimAsync(sale)).Is(201);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("close")]
    public async Task What_is_so_already_changes_nothing(string what)
    {
        var sale = await shop.NewSaleAsync(new Terms(3));
        var first = (await shop.Api.OperateAsync(sale, what)).Is(200);

        var again = (await shop.Api.OperateAsync(sale, what)).Is(200);

        Assert.Equal((2, 2), (first.Number("revision"), again.Number("revision")));
        Assert.Equal(first.Header("ETag"), again.Header("ETag"));
    }

    [Fact]
    public async Task F17_The_holder_of_the_last_unit_gets_the_same_order_after_a_pause_and_after_the_close()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var buyer = shop.NewBuyer();
        var order = (await buyer.ClaimAsync(sale, "the-last")).Is(201);

        (await shop.Api.OperateAsync(sale, "pause")).Is(200);
        Assert.Equal(order.Body, (await buyer.ClaimAsync(sale, "the-last")).Is(200).Body);
        (await shop.NewBuyer().ClaimAsync(sale)).IsProblem(409, "sale-paused");

        (await shop.Api.OperateAsync(sale, "close")).Is(200);
        Assert.Equal(order.Body, (await buyer.ClaimAsync(sale, "the-last")).Is(200).Body);
    }

    [Fact]
    public async Task A_closed_sale_stays_closed()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));
        var buyer = shop.NewBuyer();
        await buyer.TokenAsync(sale);

        var closed = (await shop.Api.OperateAsync(sale, "close")).Is(200);

        Assert.Equal("closed", closed.Text("state"));
        (await buyer.ClaimAsync(sale)).IsProblem(409, "sale-closed");
        (await shop.Api.OperateAsync(sale, "resume")).IsProblem(409, "sale-closed");
        (await shop.Api.OperateAsync(sale, "pause")).IsProblem(409, "sale-closed");
        (await shop.Api.OperateAsync(sale, "replenish", """{"quantity":1,"requestId":"late"}"""))
            .IsProblem(409, "sale-closed");
        (await shop.Api.PatchAsync(sale, "*", """{"title":"Late"}""")).IsProblem(409, "sale-closed");
        Assert.Equal(3, (await Audit.OfAsync(shop.Api, sale)).Available);
    }

    [Fact]
    public async Task A_sale_can_be_paused_before_it_opens_and_is_scheduled_again_when_resumed()
    {
        var sale = await shop.NewSaleAsync(new Terms(3) { OpensIn = TimeSpan.FromHours(1) });

        Assert.Equal("paused", (await shop.Api.OperateAsync(sale, "pause")).Is(200).Text("state"));
        Assert.Equal("scheduled", (await shop.Api.OperateAsync(sale, "resume")).Is(200).Text("state"));
    }

    [Theory]
    [InlineData("pause", null)]
    [InlineData("resume", null)]
    [InlineData("close", null)]
    [InlineData("replenish", """{"quantity":1,"requestId":"r"}""")]
    public async Task Only_an_operator_changes_a_sale_and_only_one_that_there_is(string what, string? body)
    {
        var sale = await shop.NewSaleAsync(new Terms(3));

        (await shop.Api.PostAsync($"/v1/sales/{sale}/{what}", token: null, body)).IsProblem(401, "unauthenticated");
        (await shop.Api.PostAsync($"/v1/sales/{sale}/{what}", shop.NewBuyer().Jwt, body)).IsProblem(403, "forbidden");
        (await shop.Api.OperateAsync("no-such-sale", what, body)).IsProblem(404, "sale-not-found");
        var wrong = (await shop.Api.GetAsync($"/v1/sales/{sale}/{what}")).IsProblem(405, "method-not-allowed");
        Assert.Equal("POST", wrong.Header("Allow"));
        Assert.Equal(1, (await shop.Api.SaleAsync(sale)).Number("revision"));
    }
}
