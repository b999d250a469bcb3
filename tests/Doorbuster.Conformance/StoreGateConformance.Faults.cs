using Xunit;

namespace Doorbuster.Conformance;

/// <summary>Transactions that fail, that nobody knows the end of, and that somebody else was faster than.</summary>
public abstract partial class StoreGateConformance
{
    [Fact]
    public async Task F16_A_failed_transaction_changes_nothing_and_everyone_may_try_again()
    {
        var sale = await CreateSaleAsync(quantity: 2);
        Store.Next(CommitFault.Failed);

        Assert.Equal("busy, busy, busy", await ClaimAsync(sale, "anna k1 1", "bert k1 1", "carl k1 1"));
        Assert.Equal((2, 0, 0), await UnitsAsync(sale));

        Assert.Equal("admitted, admitted", await ClaimAsync(sale, "bert k1 1", "anna k1 1"));
        Assert.Equal((0, 2, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task F16_A_failed_transaction_hides_no_order_that_stands()
    {
        var sale = await CreateSaleAsync(quantity: 3);
        await ClaimAsync(sale, "anna k1 1");
        Store.Next(CommitFault.Failed);

        Assert.Equal(
            "same order, key reused, busy", await ClaimAsync(sale, "anna k1 1", "anna k1 2", "bert k1 1"));
    }

    [Fact]
    public async Task F16_While_the_store_is_away_everyone_is_told_to_come_again()
    {
        var sale = await CreateSaleAsync();
        await ClaimAsync(sale, "anna k1 1");
        Store.IsAway = true;
        Assert.Equal("busy, busy", await ClaimAsync(sale, "anna k1 1", "bert k1 1"));

        Store.IsAway = false;
        Assert.Equal("same order, admitted", await ClaimAsync(sale, "anna k1 1", "bert k1 1"));
    }

    [Fact]
    public async Task F08_An_unknown_transaction_that_stands_is_found_under_the_same_ids()
    {
        var sale = await CreateSaleAsync(quantity: 2);
        Store.Next(CommitFault.UnknownAndDone);

        Assert.Equal(
            "admitted, same order, admitted, sold out",
            await ClaimAsync(sale, "anna k1 1", "anna k1 1", "bert k1 1", "carl k1 1"));
        Assert.Equal((0, 2, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task F08_The_order_of_an_unknown_transaction_is_told_as_the_store_has_it()
    {
        var sale = await CreateSaleAsync();
        var claim = Samples.Claim(sale, "anna");
        Store.Next(CommitFault.UnknownAndDone);

        var told = Assert.Single(await AnswerAsync(sale, claim)).Order;

        Assert.NotNull(told);
        Assert.Equal([told], await FindAsync(claim));
    }

    [Fact]
    public async Task F08_An_unknown_transaction_that_does_not_stand_is_done_again()
    {
        var sale = await CreateSaleAsync(quantity: 2);
        Store.Next(CommitFault.UnknownAndNotDone);

        Assert.Equal("admitted, admitted, sold out", await ClaimAsync(sale, "anna k1 1", "bert k1 1", "carl k1 1"));
        Assert.Equal((0, 2, 0), await UnitsAsync(sale));
    }

    [Theory]
    [InlineData(CommitFault.UnknownAndDone, 7)]
    [InlineData(CommitFault.UnknownAndNotDone, 9)]
    public async Task F08_What_nobody_can_tell_is_told_as_unknown_and_nothing_that_came_of_it_as_true(
        CommitFault fault, long available)
    {
        var sale = await CreateSaleAsync(quantity: 10, limit: 2);
        await ClaimAsync(sale, "zoe k1 1");
        Store.Next(fault);
        Store.IsAway = true;

        Assert.Equal(
            "unknown, unknown, busy, same order, busy",
            await ClaimAsync(sale, "anna k1 2", "anna k1 2", "anna k2 1", "zoe k1 1", "bert k1 11"));
        Assert.Equal(available, (await UnitsAsync(sale)).Available);

        Store.IsAway = false;
        var told = await ClaimAsync(sale, "anna k1 2");
        Assert.Equal(fault == CommitFault.UnknownAndDone ? "same order" : "admitted", told);
        Assert.Equal((7, 3, 0), await UnitsAsync(sale));
    }

    [Theory]
    [InlineData(CommitFault.UnknownAndDone)]
    [InlineData(CommitFault.UnknownAndNotDone)]
    public async Task F08_What_was_told_as_unknown_stays_so_while_nobody_can_tell(CommitFault fault)
    {
        var sale = await CreateSaleAsync();
        Store.Next(fault);
        Store.IsAway = true;
        Assert.Equal("unknown", await ClaimAsync(sale, "anna k1 1"));

        Assert.Equal("unknown, busy", await ClaimAsync(sale, "anna k1 1", "anna k2 1"));

        Store.IsAway = false;
        await ClaimAsync(sale, "anna k1 1");
        Store.IsAway = true;
        Assert.Equal("busy", await ClaimAsync(sale, "anna k1 1"));
        Assert.Equal([false, true, true, true, false], Store.Doubts);
    }

    [Fact]
    public async Task F08_A_grant_that_was_lost_is_not_told_of_the_order_that_another_node_made_meanwhile()
    {
        var sale = await CreateSaleAsync();
        Store.Next(CommitFault.UnknownAndNotDone);
        Store.AfterUnknown = async () =>
        {
            _clock!.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal("admitted", await ClaimAsync(OtherNode(), sale, "anna k1 1"));
        };

        // It is that node's to tell of as new, once, with the times that it has.
        Assert.Equal("same order", await ClaimAsync(sale, "anna k1 1"));
        Assert.Empty(_told.Orders);
        Assert.Equal((9, 1, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task F08_A_grant_that_was_lost_and_made_again_is_told_once_and_as_the_store_has_it()
    {
        var sale = await CreateSaleAsync();
        var claim = Samples.Claim(sale, "anna");
        Store.Next(CommitFault.UnknownAndNotDone, CommitFault.UnknownAndDone);
        Store.AfterUnknown = () =>
        {
            _clock!.Advance(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        };

        var told = Assert.Single(await AnswerAsync(sale, claim)).Order;

        Assert.Equal([told!], await FindAsync(claim));
        Assert.Equal([told!], _told.Orders);
        Assert.Equal([false, true, true], Store.Doubts);
    }

    [Fact]
    public async Task Who_was_too_slow_is_judged_again_on_what_there_is_now()
    {
        var sale = await CreateSaleAsync();
        Store.Losses = 2;

        Assert.Equal("admitted, limit", await ClaimAsync(sale, "anna k1 1", "anna k2 1"));

        Assert.Equal(3, Store.Transactions);
        Assert.Equal((9, 1, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task Who_was_too_slow_too_often_is_told_to_come_again_and_never_that_nothing_is_left()
    {
        var sale = await CreateSaleAsync(quantity: 2, limit: 2);
        await ClaimAsync(sale, "zoe k1 1");
        Store.Losses = 100;

        Assert.Equal(
            "busy, busy, busy, same order",
            await ClaimAsync(sale, "anna k1 1", "bert k1 1", "anna k1 1", "zoe k1 1"));

        Assert.Equal(1 + 3, Store.Transactions);
        Assert.Equal((1, 1, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task What_nobody_could_take_needs_no_second_try()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        await ClaimAsync(sale, "zoe k1 1");
        Store.Losses = 100;

        Assert.Equal("sold out, limit", await ClaimAsync(sale, "anna k1 1", "zoe k2 1"));
    }
}
