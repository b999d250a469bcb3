using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>F17: the holder of the last unit never read the answer, and asks again.</summary>
public sealed class F17LostReplyTests(OpenShop shop)
{
    [Fact]
    public async Task F17_a_lost_reply_for_the_last_unit_is_found_again_after_sold_out()
    {
        var sale = await shop.NewSaleAsync(new Terms(1));
        var holder = shop.NewBuyer();

        await ClaimAndHangUpAsync(sale, holder);

        (await shop.NewBuyer().ClaimAsync(sale, "other")).IsProblem(409, "sold-out");
        var order = (await holder.ClaimAsync(sale, "lost")).Is(200);
        Assert.Equal(order.Body, (await holder.ReadAsync(order.Text("id"))).Is(200).Body);
        Assert.Equal(order.Body, (await holder.ClaimAsync(sale, "lost")).Is(200).Body);
        (await holder.ClaimAsync(sale, "another")).IsProblem(409, "buyer-limit-reached");
        Assert.Equal(1, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }

    [Fact]
    public async Task F17_a_lost_reply_is_found_again_after_the_closing_with_a_token_that_has_expired_too()
    {
        var sale = await shop.NewSaleAsync(new Terms(1) { ClosesIn = TimeSpan.FromSeconds(2) });
        var holder = shop.NewBuyer();
        var stranger = shop.NewBuyer();
        await stranger.TokenAsync(sale);

        await ClaimAndHangUpAsync(sale, holder);
        await shop.ClosedAsync(sale);

        var order = (await holder.ClaimAsync(sale, "lost")).Is(200);
        var again = await shop.Api.PostAsync(
            $"/v1/sales/{sale}/orders",
            null,
            null,
            ("Purchase-Token", PurchaseTokenForge.Expired(sale, holder.Id)),
            ("Idempotency-Key", "lost"));
        Assert.Equal(order.Body, again.Is(200).Body);
        (await stranger.ClaimAsync(sale, "lost")).IsProblem(409, "sale-closed");
    }

    [Fact]
    public async Task F17_a_lost_reply_is_found_again_after_a_restart()
    {
        using var data = new DataDirectory();
        var plan = new ServerPlan(data.Path);
        string sale;
        string order;
        await using (var server = await Server.StartAsync(plan))
        {
            sale = await server.CreateSaleAsync(new Terms(1));
            order = (await server.Buyer("anna").ClaimAsync(sale, "lost")).Is(201).Body;
            await server.KillAsync();
        }

        await using (var server = await Server.StartAsync(plan))
        {
            (await server.Buyer("bert").ClaimAsync(sale, "other")).IsProblem(409, "sold-out");
            Assert.Equal(order, (await server.Buyer("anna").ClaimAsync(sale, "lost")).Is(200).Body);
        }
    }

    [Fact]
    public async Task F17_whoever_hangs_up_at_once_has_one_order_when_asking_again()
    {
        const int Buyers = 30;
        var sale = await shop.NewSaleAsync(new Terms(Buyers) { PerBuyerLimit = 2 });
        var buyers = Enumerable.Range(0, Buyers).Select(_ => shop.NewBuyer()).ToList();
        foreach (var buyer in buyers)
        {
            using var wire = await Wire.ConnectAsync(shop.Api.Address);
            await wire.SendAsync(Wire.Claim(sale, await buyer.TokenAsync(sale), "lost", 1));
        }

        foreach (var buyer in buyers)
        {
            var order = await buyer.ClaimAsync(sale, "lost");
            Assert.True(order.Status is 200 or 201, order.ToString());
            Assert.Equal(order.Body, (await buyer.ClaimAsync(sale, "lost")).Is(200).Body);
        }

        Assert.Equal(Buyers, (await Audit.OfAsync(shop.Api, sale)).Reserved);
    }

    /// <summary>Sends a claim, and closes the connection once the claim took effect, without reading a byte.</summary>
    private async Task ClaimAndHangUpAsync(string sale, Buyer holder)
    {
        using var wire = await Wire.ConnectAsync(shop.Api.Address);
        await wire.SendAsync(Wire.Claim(sale, await holder.TokenAsync(sale), "lost", 1));
        await Answers.UntilAsync(
            "the claim took effect", () => shop.Api.SaleAsync(sale), answer => answer.Number("available") == 0);
    }
}
