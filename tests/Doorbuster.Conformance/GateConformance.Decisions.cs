using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class GateConformance
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
        var clock = new VirtualTimeProvider(terms.Now.AddHours(-1));
        _gate = CreateGate(Ledger, clock, terms.OrdersPerBuyer);
        await OpenAsync(sale);

        foreach (var (at, rows) in batches)
        {
            clock.Advance(at - clock.GetUtcNow());
            var answers = await AnswerAsync(sale, [.. rows.Select(row => ClaimOf(sale, row))]);
            var told = rows.Zip(answers, (row, answer) => row with { Told = ClaimTable.Word(answer.Outcome) });
            Assert.True(rows.SequenceEqual(told), $"{scenario}, at {at:T}:\n{string.Join('\n', told)}");
        }

        await BothEndsLeaveAsync(sale, (await Sales.ReportAsync(sale.Id, Cancel))!.Stock.Available);
    }

    [Fact]
    public async Task A_sale_without_a_gate_is_unknown_and_holds_up_no_other()
    {
        var open = await OpenSaleAsync("open");
        var missing = Samples.Batch(Samples.Sale("missing"), Samples.Claim(Samples.Sale("missing"), "anna"));
        var other = Samples.Batch(open, Samples.Claim(open, "anna"));

        await Gate.ClaimAsync([missing, other], Cancel);

        Assert.Equal(Outcome.SaleUnknown, missing.Answers[0].Outcome);
        Assert.Equal(Outcome.Admitted, other.Answers[0].Outcome);
        Assert.Null(await Gate.ReportAsync(SaleId.Parse("missing"), Cancel));
        Assert.Empty(await Gate.OrdersOfAsync(SaleId.Parse("missing"), BuyerId.Parse("anna"), Cancel));
    }

    [Fact]
    public async Task An_admitted_claim_is_told_its_order_as_the_store_has_it()
    {
        var sale = await OpenSaleAsync(limit: 3);
        _clock.Advance(TimeSpan.FromTicks(12_345));

        var claim = Samples.Claim(sale, "anna", units: 3);
        var told = Assert.Single(await AnswerAsync(sale, claim)).Order;

        Assert.NotNull(told);
        Assert.Equal((claim.Order, claim.Buyer, 3), (told.Id, told.Buyer, told.Quantity));
        Assert.Equal(new Money(3 * 1999, "EUR"), told.Amount);
        Assert.Equal((OrderStatus.Reserved, 1), (told.Status, told.Revision));
        Assert.Equal(Samples.Noon.AddMilliseconds(1), told.ReservedAt);
        Assert.Equal(told.ReservedAt + sale.PaymentWindow, told.ExpiresAt);
        Assert.Equal([told], await Ledger.FindAsync([claim.Order], Cancel));
    }

    [Fact]
    public async Task Several_sales_of_one_call_share_one_commit()
    {
        var a = await OpenSaleAsync("a");
        var b = await OpenSaleAsync("b");
        var ofA = Samples.Batch(a, Samples.Claim(a, "anna"), Samples.Claim(a, "bert"));
        var ofB = Samples.Batch(b, Samples.Claim(b, "anna"));

        await Gate.ClaimAsync([ofA, ofB], Cancel);

        Assert.Equal([a.Id, b.Id], Assert.Single(Ledger.Asked).Select(ofSale => ofSale.Sale));
        await BothEndsLeaveAsync(a, 8);
        await BothEndsLeaveAsync(b, 9);
    }

    [Fact]
    public async Task Refusals_and_replays_cost_no_commit()
    {
        var sale = await OpenSaleAsync();
        await ClaimAsync(sale, "anna k1 1");

        Assert.Equal("same order, limit, key reused", await ClaimAsync(sale, "anna k1 1", "anna k2 1", "anna k1 2"));

        Assert.Single(Ledger.Asked);
    }

    [Fact]
    public async Task A_refusal_says_how_many_units_were_left()
    {
        var sale = await OpenSaleAsync(quantity: 5, limit: 5);

        var answers = await AnswerAsync(
            sale,
            Samples.Claim(sale, "anna", units: 3),
            Samples.Claim(sale, "bert", units: 4),
            Samples.Claim(sale, "carl"));

        Assert.Equal((Outcome.Insufficient, 2), (answers[1].Outcome, answers[1].Available));
        Assert.Equal((Outcome.Admitted, 1), (answers[2].Outcome, answers[2].Available));
    }

    [Fact]
    public async Task The_gate_tells_its_stock_after_each_batch_with_a_growing_version()
    {
        var sale = await OpenSaleAsync(quantity: 2);
        var versions = new List<StockView>();
        foreach (var buyer in (string[])["anna", "bert", "carl"])
        {
            var batch = Samples.Batch(sale, Samples.Claim(sale, buyer));
            await Gate.ClaimAsync([batch], Cancel);
            versions.Add(batch.View!);
        }

        Assert.Equal([1, 0, 0], versions.Select(view => view.Available));
        Assert.True(versions[0].IsOlderThan(versions[1]));
        Assert.Equal(versions[1], versions[2]);
    }

    [Fact]
    public async Task A_buyers_orders_are_named_in_the_order_they_were_made()
    {
        var sale = await OpenSaleAsync(limit: 4);
        await ClaimAsync(sale, "anna k3 1", "bert k1 1", "anna k1 1");
        await ClaimAsync(sale, "anna k2 1");

        Assert.Equal(
            ((string[])["k3", "k1", "k2"]).Select(key => Samples.Claim(sale, "anna", key).Order),
            await Gate.OrdersOfAsync(sale.Id, BuyerId.Parse("anna"), Cancel));
        Assert.Empty(await Gate.OrdersOfAsync(sale.Id, BuyerId.Parse("nobody"), Cancel));
    }

    [Fact]
    public async Task A_gate_opened_anew_knows_every_order_of_the_store()
    {
        var sale = await OpenSaleAsync(quantity: 4, limit: 3);
        await ClaimAsync(sale, "anna k1 2", "bert k1 1");

        _gate = CreateGate(Ledger, _clock, ordersPerBuyer: 64);
        await Gate.OpenAsync(Assert.Single(await Sales.TakeOverAsync(Cancel)), Cancel);

        Assert.Equal(
            "same order, too few, admitted, sold out",
            await ClaimAsync(sale, "anna k1 2", "carl k1 2", "anna k2 1", "dora k1 1"));
        await BothEndsLeaveAsync(sale, 0);
    }
}
