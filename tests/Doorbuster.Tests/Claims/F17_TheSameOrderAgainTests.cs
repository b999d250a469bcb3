using Doorbuster.Admission;
using Doorbuster.Conformance;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>F17: the holder of the last unit loses the reply and retries, after whatever has happened since.</summary>
public sealed class F17_TheSameOrderAgainTests
{
    [Fact]
    public async Task F17_After_sold_out()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));
        var first = await shop.ClaimAsync(sale, "anna");
        Assert.Equal(Outcome.SoldOut, (await shop.ClaimAsync(sale, "bert")).Outcome);

        var again = await shop.ClaimAsync(sale, "anna");

        Assert.Equal((Outcome.Replayed, first.Order), (again.Outcome, again.Order));
    }

    [Fact]
    public async Task F17_A_retry_does_not_overtake_the_claim_that_it_repeats()
    {
        await using var shop = new Shop(limits: new Limits { BatchSize = 1 });
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));
        var plug = await shop.OpenAsync(Samples.Sale("plug"));
        var last = await shop.ClaimAsync(sale, "anna");
        var hold = shop.Ledger.Hold();
        var plugged = shop.ClaimAsync(plug, "carl");
        await hold.Arrived;

        // Bert came before anybody could tell him that all is sold; a stranger is told so at once.
        var mark = shop.Listing(sale).Mark;
        var soldOut = mark.View;
        mark.Reopen(soldOut with { Available = 1, Version = soldOut.Version + 1 });
        var first = shop.ClaimAsync(sale, "bert");
        mark.See(soldOut with { Version = soldOut.Version + 2 });
        var retry = shop.ClaimAsync(sale, "bert");
        var told = (retry.IsCompleted, (await shop.ClaimAsync(sale, "dora")).Outcome);

        var cancel = TestContext.Current.CancellationToken;
        await shop.Store.ApplyAsync([new OrderCommand.Cancel(last.Order!.Id)], shop.Clock.GetUtcNow(), cancel);
        await shop.Gate.ReleaseAsync([new Release(last.Order.Id, last.Order.Buyer, Turn: 0)], cancel);
        hold.Release();

        Assert.Equal(Outcome.Admitted, (await plugged).Outcome);
        Assert.Equal((false, Outcome.SoldOut), told);
        Assert.Equal((Outcome.Admitted, Outcome.Replayed), ((await first).Outcome, (await retry).Outcome));
    }

    [Fact]
    public async Task F17_After_the_sale_has_closed()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1) with { ClosesAt = Samples.Noon.AddHours(1) });
        var first = await shop.ClaimAsync(sale, "anna");
        shop.Clock.Advance(TimeSpan.FromDays(1));

        var again = await shop.ClaimAsync(sale, "anna");

        Assert.Equal((Outcome.Replayed, first.Order), (again.Outcome, again.Order));
    }

    [Theory]
    [InlineData(SaleMode.Active)]
    [InlineData(SaleMode.Paused)]
    [InlineData(SaleMode.Closed)]
    public async Task F17_After_a_restart_in_every_mode(SaleMode mode)
    {
        // The reference store keeps the terms it was given, so a sale can have been paused or closed since.
        var store = new InMemoryStore();
        var sale = Samples.Sale(quantity: 1) with { Mode = mode };
        await store.CreateAsync(sale, TestContext.Current.CancellationToken);
        var order = Samples.Order(sale, "anna");
        await store.CommitAsync([Samples.Admissions(sale, 1, 0, order)], TestContext.Current.CancellationToken);

        await using var shop = new Shop(store);
        await shop.OpenAllAsync();
        var again = await shop.ClaimAsync(sale, "anna");

        Assert.Equal((Outcome.Replayed, order), (again.Outcome, again.Order));
    }

    [Fact]
    public async Task F17_With_another_quantity_the_order_is_told_all_the_same()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 2, limit: 2));
        var first = await shop.ClaimAsync(sale, "anna", units: 2);

        var again = await shop.ClaimAsync(sale, "anna", units: 1);

        Assert.Equal((Outcome.KeyReused, first.Order), (again.Outcome, again.Order));
    }

    [Fact]
    public async Task F17_With_an_expired_purchase_token()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));
        var listing = shop.Listing(sale);
        var anna = BuyerId.Parse("anna");
        var tokens = new PurchaseTokens([new byte[32]], shop.Clock);
        var (token, _) = tokens.Issue(sale.Id, anna);
        var first = await shop.ClaimAsync(sale, "anna");
        shop.Clock.Advance(PurchaseTokens.Life);

        Assert.Equal(TokenCheck.Expired, tokens.Check(token, sale.Id, out var buyer));
        var again = await shop.Desk.ReplayAsync(listing, buyer, "k", 1, TestContext.Current.CancellationToken);
        var other = await shop.Desk.ReplayAsync(listing, buyer, "k2", 1, TestContext.Current.CancellationToken);

        Assert.Equal((Outcome.Replayed, first.Order), (again.Outcome, again.Order));
        Assert.Equal(Outcome.TokenExpired, other.Outcome);
    }

    [Fact]
    public async Task F17_An_expired_token_waits_for_the_claim_that_it_repeats()
    {
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: 1));
        var anna = BuyerId.Parse("anna");
        var committing = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        shop.Ledger.BeforeCommit = async _ =>
        {
            committing.SetResult();
            await mayEnd.Task;
            return CommitFault.None;
        };

        var first = shop.ClaimAsync(sale, "anna");
        await committing.Task;
        var replay = shop.Desk
            .ReplayAsync(shop.Listing(sale), anna, "k", 1, TestContext.Current.CancellationToken).AsTask();
        mayEnd.SetResult();
        var again = await replay;

        Assert.Equal((Outcome.Replayed, (await first).Order!.Id), (again.Outcome, again.Order!.Id));
    }

    [Fact]
    public async Task F17_Every_holder_is_found_after_the_sold_out_mark_is_set()
    {
        const int Quantity = 3_000;
        await using var shop = new Shop();
        var sale = await shop.OpenAsync(Samples.Sale(quantity: Quantity));
        var orders = await Shop.AtOnceAsync(Enumerable.Range(0, Quantity).Select(
            i => (Func<Task<Doorbuster.Claims.ClaimAnswer>>)(() => shop.ClaimAsync(sale, $"buyer-{i}"))));
        Assert.True(shop.Listing(sale).Mark.Refuses(
            Samples.Claim(sale, "stranger").Order.Key.Head, BuyerId.Parse("stranger")));

        for (var i = 0; i < Quantity; i++)
        {
            var again = await shop.ClaimAsync(sale, $"buyer-{i}");
            Assert.Equal((Outcome.Replayed, orders[i].Order), (again.Outcome, again.Order));
        }
    }
}
