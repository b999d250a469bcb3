using Doorbuster.Conformance;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>The orders that the gate keeps stop growing where the limits say; nobody is told what is not so.</summary>
public sealed class KeptOrdersTests
{
    private const int Most = 3;

    [Fact]
    public async Task A_sale_with_as_many_orders_as_it_may_keep_admits_no_more_and_tells_once()
    {
        await using var shop = new Shop(limits: new Limits { OrdersPerSale = Most });
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 10));
        var filled = new List<SaleId>();
        shop.Gate.Filled += filled.Add;
        for (var buyer = 0; buyer < Most; buyer++)
        {
            Assert.Equal(Outcome.Admitted, (await shop.ClaimAsync(sale, $"buyer-{buyer}")).Outcome);
        }

        Assert.Empty(filled);
        Assert.Equal(Outcome.Busy, (await shop.ClaimAsync(sale, "late")).Outcome);
        Assert.Equal(Outcome.Busy, (await shop.ClaimAsync(sale, "later")).Outcome);

        Assert.Equal([sale.Id], filled);
        Assert.Equal(Outcome.Replayed, (await shop.ClaimAsync(sale, "buyer-0")).Outcome);
        await shop.LeavesAsync(sale, 10 - Most);
    }

    [Fact]
    public async Task All_sales_together_with_as_many_orders_as_may_be_kept_admit_no_more_and_tell_once()
    {
        await using var shop = new Shop(limits: new Limits { OrdersOfAllSales = Most });
        var one = await shop.OpenAsync(Samples.Sale(quantity: 10));
        var other = await shop.OpenAsync(Samples.Sale("other", quantity: 10));
        var filled = 0;
        shop.Gate.AllFilled += () => filled++;
        Assert.Equal(Outcome.Admitted, (await shop.ClaimAsync(one, "anna")).Outcome);
        Assert.Equal(Outcome.Admitted, (await shop.ClaimAsync(other, "anna")).Outcome);
        Assert.Equal(Outcome.Admitted, (await shop.ClaimAsync(other, "bert")).Outcome);

        Assert.Equal(0, filled);
        Assert.Equal(Outcome.Busy, (await shop.ClaimAsync(one, "late")).Outcome);
        Assert.Equal(Outcome.Busy, (await shop.ClaimAsync(other, "later")).Outcome);

        Assert.Equal(1, filled);
        Assert.Equal(Outcome.Replayed, (await shop.ClaimAsync(one, "anna")).Outcome);
        await shop.LeavesAsync(one, 9);
        await shop.LeavesAsync(other, 8);
    }

    [Fact]
    public async Task A_sale_that_is_opened_anew_counts_once()
    {
        await using var shop = new Shop(limits: new Limits { OrdersOfAllSales = 2 });
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 10));
        Assert.Equal(Outcome.Admitted, (await shop.ClaimAsync(sale, "anna")).Outcome);
        var reopening = new OwnGateReopening(shop.Gate, shop.Store);
        for (var time = 0; time < 3; time++)
        {
            Assert.NotNull(await reopening.RebuildAsync(sale.Id, "test", CancellationToken.None));
        }

        Assert.Equal(Outcome.Admitted, (await shop.ClaimAsync(sale, "bert")).Outcome);
        Assert.Equal(Outcome.Busy, (await shop.ClaimAsync(sale, "cleo")).Outcome);
    }

    [Fact]
    public async Task A_start_with_a_higher_limit_goes_on_selling()
    {
        var store = new InMemoryStore();
        Sale sale;
        await using (var full = new Shop(store, new Limits { OrdersPerSale = 1 }))
        {
            sale = await full.OpenAsync(Samples.Sale(quantity: 2));
            Assert.Equal(Outcome.Admitted, (await full.ClaimAsync(sale, "anna")).Outcome);
        }

        await using (var still = new Shop(store, new Limits { OrdersPerSale = 1 }))
        {
            await still.OpenAllAsync();
            Assert.Equal(Outcome.Busy, (await still.ClaimAsync(sale, "bert")).Outcome);
        }

        await using (var still = new Shop(store, new Limits { OrdersOfAllSales = 1 }))
        {
            await still.OpenAllAsync();
            Assert.Equal(Outcome.Busy, (await still.ClaimAsync(sale, "bert")).Outcome);
        }

        await using var more = new Shop(store, new Limits { OrdersPerSale = 2 });
        await more.OpenAllAsync();
        Assert.Equal(Outcome.Admitted, (await more.ClaimAsync(sale, "bert")).Outcome);
        await more.LeavesAsync(sale, 0);
    }
}
