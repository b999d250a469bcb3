using Doorbuster.EndToEnd.Tests.Crowds;
using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Http;

/// <summary>GET /v1/sales/{id}/events: every transition of a sale once, in order, and without a gap.</summary>
public sealed class EventFeedTests(OpenShop shop)
{
    [Fact]
    public async Task A_mixed_history_is_told_in_order_and_agrees_with_the_orders()
    {
        var sale = await shop.NewSaleAsync(new Terms(40) { PerBuyerLimit = 2, PaymentWindow = "PT1S" });
        var buyers = Enumerable.Range(0, 60).Select(_ => shop.NewBuyer()).ToList();
        await Rush.AtOnceAsync(60, n => buyers[n].ClaimAsync(sale));
        (await shop.Api.OperateAsync(sale, "pause")).Is(200);
        (await shop.Api.OperateAsync(sale, "resume")).Is(200);
        (await shop.Api.OperateAsync(sale, "replenish", """{"quantity":3,"requestId":"r-1"}""")).Is(200);
        (await shop.Api.PatchAsync(sale, "*", """{"title":"Other","paymentWindow":"PT1H"}""")).Is(200);
        await Waiting.UntilAsync("everything had expired",
            async () => (await shop.Api.SaleAsync(sale)).Number("available") == 43);
        var held = (await buyers[0].ClaimAsync(sale, "held", quantity: 2)).Is(201).Text("id");
        (await shop.Api.OperateAsync(sale, "close")).Is(200);

        var events = await Feed.ReadAsync(shop.Api, sale, limit: 7);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(no => (long)no), events.Select(e => e.No));
        Assert.Equal(events.Select(e => e.At).Order(), events.Select(e => e.At));
        var reserved = events.Where(e => e.Type == "order.reserved").ToList();
        var expired = events.Where(e => e.Type == "order.expired").ToList();
        Assert.Equal((41, 40), (reserved.Count, expired.Count));
        Assert.Equal(
            reserved.Select(e => e.OrderId).Where(id => id != held).Order(), expired.Select(e => e.OrderId).Order());
        Assert.Equal(
            ["sale.paused", "sale.resumed", "sale.replenished", "sale.edited", "sale.closed"],
            events.Where(e => e.OrderId is null).Select(e => e.Type));
        Assert.Equal([2, 3, 4, 5, 6], events.Where(e => e.OrderId is null).Select(e => e.Revision!.Value));
        Assert.Equal(3, events.Single(e => e.Type == "sale.replenished").Quantity);
        await Feed.AgreesAsync(shop.Api, events);
    }

    [Fact]
    public async Task What_becomes_of_money_is_told_with_its_payment()
    {
        var sale = await shop.NewSaleAsync(new Terms(9));
        var (payer, quitter, loser, late) =
            (shop.NewBuyer(), shop.NewBuyer(), shop.NewBuyer(), shop.NewBuyer());
        var (paid, cancelled, failed, refunded) = (
            await payer.OrderAsync(sale), await quitter.OrderAsync(sale), await loser.OrderAsync(sale),
            await late.OrderAsync(sale));
        var page = (await late.PayAsync(refunded)).Is(201).Text("checkoutUrl");
        (await late.CancelAsync(refunded)).Is(200);
        (await quitter.CancelAsync(cancelled)).Is(200);
        await EndAsync(page, "pay");
        await EndAsync((await payer.PayAsync(paid)).Is(201).Text("checkoutUrl"), "pay");
        await EndAsync((await loser.PayAsync(failed)).Is(201).Text("checkoutUrl"), "decline");

        IReadOnlyList<FeedItem> events = [];
        await Waiting.UntilAsync("all of it was told", async () =>
            (events = await Feed.ReadAsync(shop.Api, sale, limit: 4)).Count == 14);

        Assert.Equal(["order.reserved", "payment.created", "order.paid"], Of(paid));
        Assert.Equal(["order.reserved", "order.cancelled"], Of(cancelled));
        Assert.Equal(["order.reserved", "payment.created", "payment.failed"], Of(failed));
        Assert.Equal(
            [
                "order.reserved", "payment.created", "order.cancelled", "payment.captured", "payment.refund_due",
                "payment.refunded",
            ],
            Of(refunded));
        Assert.Equal(2, events.Count(e => e.OrderId == paid && e.PaymentId is not null));
        Assert.Single(events.Where(e => e.OrderId == refunded && e.PaymentId is not null)
            .Select(e => e.PaymentId).Distinct());
        await Feed.AgreesAsync(shop.Api, events);

        IEnumerable<string> Of(string order) => events.Where(e => e.OrderId == order).Select(e => e.Type);
    }

    [Fact]
    public async Task The_feed_is_the_same_after_a_restart_and_goes_on_where_it_was()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        IReadOnlyList<FeedItem> before;
        string sale;
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(30) { PaymentWindow = "PT1S" });
            await Rush.AtOnceAsync(20, n => server.Buyer($"b-{n}").ClaimAsync(sale));
            (await server.Api.OperateAsync(sale, "replenish", """{"quantity":3,"requestId":"r"}""")).Is(200);
            await Waiting.UntilAsync("everything had expired",
                async () => (await server.Api.SaleAsync(sale)).Number("available") == 33);
            (await server.Buyer("late").ClaimAsync(sale)).Is(201);
            before = await Feed.ReadAsync(server.Api, sale, limit: 9);
            await server.KillAsync();
        }

        await using var again = await Server.StartAsync(plan);
        await Waiting.UntilAsync("the last one had expired",
            async () => (await again.Api.SaleAsync(sale)).Number("available") == 33);
        (await again.Api.OperateAsync(sale, "close")).Is(200);
        var after = await Feed.ReadAsync(again.Api, sale, limit: 1_000);

        Assert.Equal(before, after.Take(before.Count));
        Assert.Equal(Enumerable.Range(1, after.Count).Select(no => (long)no), after.Select(e => e.No));
        Assert.Equal("sale.closed", after[^1].Type);
        Assert.Equal(21, after.Count(e => e.Type == "order.expired"));
        await Feed.AgreesAsync(again.Api, after);
        await Audit.OfAsync(again.Api, sale);
    }

    [Fact]
    public async Task Whoever_follows_while_a_crowd_buys_misses_nothing()
    {
        var sale = await shop.NewSaleAsync(new Terms(150));
        var buyers = Enumerable.Range(0, 200).Select(_ => shop.NewBuyer()).ToList();
        await Task.WhenAll(buyers.Select(buyer => buyer.TokenAsync(sale)));
        var crowd = Rush.AtOnceAsync(200, n => buyers[n].ClaimAsync(sale));
        var seen = new List<FeedItem>();

        await Waiting.UntilAsync("all were told", async () =>
        {
            seen.AddRange(await Feed.ReadAsync(shop.Api, sale, limit: 10, after: seen.Count));
            return seen.Count >= 150;
        });

        await crowd;
        Assert.Equal(Enumerable.Range(1, 150).Select(no => (long)no), seen.Select(e => e.No));
        Assert.Equal(150, seen.Select(e => e.OrderId).Distinct().Count());
    }

    [Fact]
    public async Task A_sale_where_nothing_has_happened_has_an_empty_feed()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));

        var feed = (await shop.Api.GetAsync($"/v1/sales/{sale}/events", Jwt.ForOperator())).Is(200);

        Assert.Equal("""{"items":[],"next":null}""", feed.Body);
        Assert.Equal("no-store", feed.Header("Cache-Control"));
        var beyond = await shop.Api.GetAsync($"/v1/sales/{sale}/events?after=9223372036854775807", Jwt.ForOperator());
        Assert.Equal(0, beyond.Is(200).Json.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=1001", "limit")]
    [InlineData("?limit=", "limit")]
    [InlineData("?limit=1&limit=2", "limit")]
    [InlineData("?after=-1", "after")]
    [InlineData("?after=x&limit=-5", "after", "limit")]
    [InlineData("?after=9223372036854775808", "after")]
    public async Task A_part_that_cannot_be_is_refused(string query, params string[] names)
    {
        var sale = await shop.NewSaleAsync(new Terms(3));

        (await shop.Api.GetAsync($"/v1/sales/{sale}/events{query}", Jwt.ForOperator())).PointsAt(names);
    }

    [Fact]
    public async Task The_feed_is_the_operators()
    {
        var sale = await shop.NewSaleAsync(new Terms(3));

        (await shop.Api.GetAsync($"/v1/sales/{sale}/events")).IsProblem(401, "unauthenticated");
        (await shop.Api.GetAsync($"/v1/sales/{sale}/events", shop.NewBuyer().Jwt)).IsProblem(403, "forbidden");
        (await shop.Api.GetAsync("/v1/sales/no-such-sale/events", Jwt.ForOperator())).IsProblem(404, "sale-not-found");
    }

    /// <summary>Pays or declines on the sandbox's page.</summary>
    private async Task EndAsync(string page, string outcome) =>
        (await shop.Api.SendAsync(new Call(HttpMethod.Post, page)
        {
            Body = $"outcome={outcome}",
            ContentType = "application/x-www-form-urlencoded",
        })).Is(202);
}
