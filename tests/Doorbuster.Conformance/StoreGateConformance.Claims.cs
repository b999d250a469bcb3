using Doorbuster.Claims;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class StoreGateConformance
{
    [Theory]
    [MemberData(nameof(ClaimTables.All), MemberType = typeof(ClaimTables))]
    public async Task The_gate_tells_what_the_rules_say(string scenario, string table)
    {
        var (terms, before, batches) = ClaimTable.Parse(table);
        Assert.Empty(before);
        var sale = Samples.Sale(quantity: terms.Quantity, limit: terms.Limit) with
        {
            OpensAt = terms.OpensAt,
            ClosesAt = terms.ClosesAt,
            Mode = terms.Mode,
        };
        Begin(terms.Now.AddHours(-1), terms.OrdersPerBuyer);
        Assert.NotNull(await Sales.CreateAsync(sale, Cancel));

        foreach (var (at, rows) in batches)
        {
            _clock!.Advance(at - _clock.GetUtcNow());
            var answers = await AnswerAsync(sale, [.. rows.Select(row => ClaimOf(sale, row))]);
            var told = rows.Zip(answers, (row, answer) => row with { Told = ClaimTable.Word(answer.Outcome) });
            Assert.True(rows.SequenceEqual(told), $"{scenario}, at {at:T}:\n{string.Join('\n', told)}");
        }

        await UnitsAsync(sale);
    }

    [Fact]
    public async Task A_sale_that_there_is_not_is_unknown_and_holds_up_no_other()
    {
        var open = await CreateSaleAsync("open");
        var none = Samples.Sale("missing");
        var (missing, other) = (
            Samples.Batch(none, Samples.Claim(none, "anna")), Samples.Batch(open, Samples.Claim(open, "anna")));

        await Gate.ClaimAsync([missing, other], Cancel);

        Assert.Equal((Outcome.SaleUnknown, null), (missing.Answers[0].Outcome, missing.View));
        Assert.Equal(Outcome.Admitted, other.Answers[0].Outcome);
        Assert.Null(await Gate.ReportAsync(none.Id, Cancel));
        Assert.Equal(GateStanding.Missing, (await Gate.LookAsync(none.Id, Cancel)).Standing);
        Assert.Empty(await Gate.OrdersOfAsync(none.Id, BuyerId.Parse("anna"), Cancel));
    }

    [Fact]
    public async Task An_admitted_claim_is_told_its_order_as_the_store_has_it()
    {
        var sale = await CreateSaleAsync(limit: 3);
        _clock!.Advance(TimeSpan.FromTicks(12_345));

        var claim = Samples.Claim(sale, "anna", units: 3);
        var told = Assert.Single(await AnswerAsync(sale, claim)).Order;

        Assert.NotNull(told);
        Assert.Equal((claim.Order, claim.Buyer, 3), (told.Id, told.Buyer, told.Quantity));
        Assert.Equal((OrderStatus.Reserved, 1), (told.Status, told.Revision));
        Assert.Equal(Samples.Noon.AddMilliseconds(1), told.ReservedAt);
        Assert.Equal(told.ReservedAt + sale.PaymentWindow, told.ExpiresAt);
        Assert.Equal([told], await FindAsync(claim));
    }

    [Fact]
    public async Task Several_sales_of_one_call_share_one_transaction()
    {
        var (a, b) = (await CreateSaleAsync("a"), await CreateSaleAsync("b"));
        var ofB = Samples.Batch(b, Samples.Claim(b, "anna"));
        var ofA = Samples.Batch(a, Samples.Claim(a, "anna"), Samples.Claim(a, "bert"));

        await Gate.ClaimAsync([ofB, ofA], Cancel);

        Assert.Equal(1, Store.Transactions);
        Assert.Equal((8, 2, 0), await UnitsAsync(a));
        Assert.Equal((9, 1, 0), await UnitsAsync(b));
    }

    [Fact]
    public async Task A_view_changes_with_what_is_available_and_with_nothing_else()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        var first = Samples.Batch(sale, Samples.Claim(sale, "anna"));
        await Gate.ClaimAsync([first], Cancel);
        var second = Samples.Batch(sale, Samples.Claim(sale, "bert"));
        await Gate.ClaimAsync([second], Cancel);
        Assert.Equal((0, first.View), (first.View!.Available, second.View));

        var order = first.Answers[0].Order!;
        await ApplyAsync(new OrderCommand.OpenPayment(order.Id));
        Assert.Equal(first.View, (await Gate.LookAsync(sale.Id, Cancel)).View);
        Assert.Equal(first.View, (await Gate.ReportAsync(sale.Id, Cancel))!.View);

        await ApplyAsync(new OrderCommand.Cancel(order.Id));
        var (_, freed) = Assert.Single(
            await Gate.ReleaseAsync([new Release(order.Id, order.Buyer, 0)], Cancel));
        Assert.Equal(1, freed.Available);
        Assert.True(first.View.IsOlderThan(freed));
        Assert.Equal("admitted", await ClaimAsync(sale, "bert k1 1"));
    }

    [Fact]
    public async Task A_buyers_orders_are_named_in_the_order_they_were_made()
    {
        var sale = await CreateSaleAsync(limit: 4);
        await ClaimAsync(sale, "anna k3 1", "bert k1 1", "anna k1 1");
        await ClaimAsync(sale, "anna k2 1");

        Assert.Equal(
            ((string[])["k3", "k1", "k2"]).Select(key => Samples.Claim(sale, "anna", key).Order),
            await Gate.OrdersOfAsync(sale.Id, BuyerId.Parse("anna"), Cancel));
        var all = await Gate.HeldByAllAsync(sale.Id, [BuyerId.Parse("nobody"), BuyerId.Parse("bert")], Cancel);
        Assert.Equal([0, 1], all!.Select(held => held.Count));
        var report = await Gate.ReportAsync(sale.Id, Cancel);
        Assert.Equal((4, 2), (report!.Orders.Count, report.Buyers.Count));
    }

    [Fact]
    public async Task I3_Orders_that_ended_count_among_those_that_are_kept_of_a_buyer()
    {
        Begin(Samples.Noon, ordersPerBuyer: 2);
        var sale = await CreateSaleAsync(limit: 2);
        foreach (var key in (string[])["k1", "k2"])
        {
            Assert.Equal("admitted", await ClaimAsync(sale, $"anna {key} 2"));
            await ApplyAsync(new OrderCommand.Cancel(Samples.Claim(sale, "anna", key).Order));
        }

        Assert.Equal(
            "same order, same order, limit", await ClaimAsync(sale, "anna k1 2", "anna k2 1", "anna k3 1"));
        Assert.Equal((10, 0, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task An_operators_change_holds_from_the_transaction_after_it()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        await ChangeAsync(sale, new SaleChange.Pause());
        Assert.Equal("paused", await ClaimAsync(sale, "anna k1 1"));
        await ChangeAsync(sale, new SaleChange.Resume());
        Assert.Equal("admitted, sold out", await ClaimAsync(sale, "anna k1 1", "bert k1 1"));
        await ChangeAsync(sale, new SaleChange.Replenish(1, "r"));
        Assert.Equal("admitted", await ClaimAsync(sale, "bert k1 1"));
        await ChangeAsync(sale, new SaleChange.Close());
        Assert.Equal("same order, closed", await ClaimAsync(sale, "bert k1 1", "carl k1 1"));
    }

    private async Task ChangeAsync(Sale sale, SaleChange change) => Assert.Equal(
        SaleChangeOutcome.Done,
        (await Sales.ChangeAsync(sale.Id, change, _clock!.GetUtcNow(), Cancel)).Outcome);
}
