using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class GateConformance
{
    [Fact]
    public async Task A_failed_commit_changes_nothing_and_everyone_may_try_again()
    {
        var sale = await OpenSaleAsync(quantity: 2);
        Ledger.Next(CommitFault.Failed);

        Assert.Equal("busy, busy", await ClaimAsync(sale, "anna k1 1", "bert k1 1"));
        await BothEndsLeaveAsync(sale, 2);

        Assert.Equal("admitted, admitted", await ClaimAsync(sale, "bert k1 1", "anna k1 1"));
        await BothEndsLeaveAsync(sale, 0);
    }

    [Fact]
    public async Task Refusals_that_came_of_what_was_not_committed_are_taken_back()
    {
        var sale = await OpenSaleAsync(quantity: 3, limit: 2);
        Ledger.Next(CommitFault.Failed);

        // Limit, too few, sold out, same order and key reused: each is true only if the grants beside it stand.
        Assert.Equal(
            "busy, busy, busy, busy, busy, busy, busy",
            await ClaimAsync(
                sale, "anna k1 2", "anna k2 1", "bert k1 2", "carl k1 1", "dora k1 1", "anna k1 2", "anna k1 1"));
        await BothEndsLeaveAsync(sale, 3);
    }

    [Fact]
    public async Task A_failed_commit_hides_no_order_that_stands()
    {
        var sale = await OpenSaleAsync(quantity: 3);
        await ClaimAsync(sale, "anna k1 1");
        Ledger.Next(CommitFault.Failed);

        Assert.Equal(
            "same order, key reused, busy", await ClaimAsync(sale, "anna k1 1", "anna k1 2", "bert k1 1"));
    }

    [Fact]
    public async Task An_unknown_commit_that_stands_is_found_by_reading_back()
    {
        var sale = await OpenSaleAsync(quantity: 2);
        Ledger.Next(CommitFault.UnknownAndDone);

        Assert.Equal(
            "admitted, same order, admitted, sold out",
            await ClaimAsync(sale, "anna k1 1", "anna k1 1", "bert k1 1", "carl k1 1"));
        await BothEndsLeaveAsync(sale, 0);
    }

    [Fact]
    public async Task An_unknown_commit_that_does_not_stand_is_found_by_reading_back()
    {
        var sale = await OpenSaleAsync(quantity: 2);
        Ledger.Next(CommitFault.UnknownAndNotDone);

        Assert.Equal("busy, busy, busy", await ClaimAsync(sale, "anna k1 1", "bert k1 1", "carl k1 1"));
        await BothEndsLeaveAsync(sale, 2);
        Assert.Equal("admitted", await ClaimAsync(sale, "carl k1 1"));
    }

    [Theory]
    [InlineData(CommitFault.UnknownAndDone, "same order, limit, admitted, sold out", 0)]
    [InlineData(CommitFault.UnknownAndNotDone, "admitted, limit, admitted, admitted", 0)]
    public async Task While_a_commit_is_unknown_nothing_is_admitted(CommitFault fault, string afterwards, long left)
    {
        var sale = await OpenSaleAsync(quantity: 4);
        await ClaimAsync(sale, "zoe k1 1");
        Ledger.CanReadBack = false;
        Ledger.Next(fault);

        Assert.Equal("unknown, unknown, unknown", await ClaimAsync(sale, "anna k1 1", "anna k1 1", "bert k1 1"));
        Assert.Equal(
            "unknown, busy, busy, same order",
            await ClaimAsync(sale, "anna k1 1", "anna k2 1", "carl k1 1", "zoe k1 1"));
        Assert.Equal(2, Ledger.Asked.Count);

        Ledger.CanReadBack = true;
        Assert.Equal(afterwards, await ClaimAsync(sale, "anna k1 1", "anna k2 1", "carl k1 1", "dora k1 1"));
        await BothEndsLeaveAsync(sale, left);
    }

    [Fact]
    public async Task Refusals_beside_an_unknown_commit_are_not_told_as_true()
    {
        var sale = await OpenSaleAsync(quantity: 3, limit: 2);
        Ledger.CanReadBack = false;
        Ledger.Next(CommitFault.UnknownAndNotDone);

        Assert.Equal(
            "unknown, busy, busy, unknown, busy, unknown",
            await ClaimAsync(
                sale, "anna k1 2", "anna k2 1", "bert k1 2", "carl k1 1", "dora k1 1", "anna k1 1"));
    }

    [Fact]
    public async Task One_sales_unknown_commit_holds_up_no_other_sale()
    {
        var lost = await OpenSaleAsync("lost");
        var fine = await OpenSaleAsync("fine");
        Ledger.CanReadBack = false;
        Ledger.Next(CommitFault.UnknownAndDone);
        await ClaimAsync(lost, "anna k1 1");

        var ofLost = Samples.Batch(lost, Samples.Claim(lost, "bert"));
        var ofFine = Samples.Batch(fine, Samples.Claim(fine, "bert"));
        await Gate.ClaimAsync([ofLost, ofFine], Cancel);

        Assert.Equal((Outcome.Busy, Outcome.Admitted), (ofLost.Answers[0].Outcome, ofFine.Answers[0].Outcome));
    }

    [Fact]
    public async Task Every_sale_of_an_unknown_commit_is_read_back()
    {
        var a = await OpenSaleAsync("a");
        var b = await OpenSaleAsync("b");
        Ledger.Next(CommitFault.UnknownAndDone);
        var ofA = Samples.Batch(a, Samples.Claim(a, "anna"));
        var ofB = Samples.Batch(b, Samples.Claim(b, "anna"));

        await Gate.ClaimAsync([ofA, ofB], Cancel);

        Assert.Equal((Outcome.Admitted, Outcome.Admitted), (ofA.Answers[0].Outcome, ofB.Answers[0].Outcome));
        await BothEndsLeaveAsync(a, 9);
        await BothEndsLeaveAsync(b, 9);
    }

    [Fact]
    public async Task A_gate_that_lost_its_sale_to_another_owner_closes_it()
    {
        var sale = await OpenSaleAsync();
        var other = await OpenSaleAsync("other");
        await ClaimAsync(sale, "anna k1 1");
        await Sales.TakeOverAsync(Cancel);

        Assert.Equal("busy", await ClaimAsync(sale, "bert k1 1"));
        Assert.Equal("no gate, no gate", await ClaimAsync(sale, "bert k1 1", "anna k1 1"));
        Assert.Empty(await Ledger.FindAsync([Samples.Claim(sale, "bert", "k1").Order], Cancel));
        Assert.Equal("busy", await ClaimAsync(other, "bert k1 1"));
    }

    [Fact]
    public async Task A_sale_is_reopened_only_under_a_higher_epoch()
    {
        var sale = await OpenSaleAsync(quantity: 3);
        var older = Assert.Single(await Sales.TakeOverAsync(Cancel));
        var newer = Assert.Single(await Sales.TakeOverAsync(Cancel));

        await Gate.OpenAsync(newer, Cancel);
        await Gate.OpenAsync(older, Cancel);

        Assert.Equal("admitted", await ClaimAsync(sale, "anna k1 1"));
        await BothEndsLeaveAsync(sale, 2);
    }

    [Fact]
    public async Task A_late_word_of_the_older_epoch_does_not_close_a_sale_that_was_reopened()
    {
        var sale = await OpenSaleAsync(quantity: 3);
        Ledger.BeforeCommit = async _ =>
        {
            Ledger.BeforeCommit = null;
            await Gate.OpenAsync(Assert.Single(await Sales.TakeOverAsync(Cancel)), Cancel);
            return CommitFault.None;
        };

        Assert.Equal("busy", await ClaimAsync(sale, "anna k1 1"));

        Assert.Equal("admitted", await ClaimAsync(sale, "anna k1 1"));
        await BothEndsLeaveAsync(sale, 2);
    }
}
