using Doorbuster.Claims;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class SharedGateConformance
{
    [Theory]
    [MemberData(nameof(ClaimTables.All), MemberType = typeof(ClaimTables))]
    public async Task The_gate_tells_what_the_rules_say(string scenario, string table)
    {
        var (terms, before, batches) = ClaimTable.Parse(table);
        Assert.Empty(before);
        _gate = await CreateGateAsync(terms.OrdersPerBuyer);
        var sale = Samples.Sale(quantity: terms.Quantity, limit: terms.Limit) with
        {
            OpensAt = terms.OpensAt + Ahead,
            ClosesAt = terms.ClosesAt + Ahead,
            Mode = terms.Mode,
        };
        await Gate.OpenAsync(Snapshot(sale, epoch: 1), Cancel);

        foreach (var (at, rows) in batches)
        {
            // What lies in the log would be too old at the next batch.
            await DeleteAsync(sale.Id, [.. (await LogOfAsync(sale.Id)).Select(entry => entry.Id)]);
            await TurnAsync(sale.Id, at + Ahead);
            var batch = await AnswerAsync(
                sale, [.. rows.Select(row => Samples.Claim(sale, row.Buyer, row.Key, row.Units))]);
            var answers = batch.Answers.ToArray();
            var told = rows.Zip(answers, (row, answer) => row with { Told = ClaimTable.Word(answer.Outcome) });
            Assert.True(rows.SequenceEqual(told), $"{scenario}, at {at:T}:\n{string.Join('\n', told)}");
        }
    }

    [Fact]
    public async Task What_is_admitted_is_queued_and_in_the_log_as_one_entry()
    {
        var sale = await OpenSaleAsync(limit: 3);
        await ClaimAsync(sale, "zoe k1 3");
        var anna = ClaimOf(sale, "anna k1 2");
        var carl = ClaimOf(sale, "carl k1 1");

        var batch = await AnswerAsync(sale, anna, ClaimOf(sale, "zoe k2 1"), anna, carl);

        Assert.Equal("admitted, limit, same order, admitted", Told(batch));
        Assert.All(batch.Answers.ToArray(), answer => Assert.Null(answer.Order));
        var log = await LogOfAsync(sale.Id);
        Assert.Equal(2, log.Count);
        Assert.Equal((sale.Id, 1, sale.Revision), (log[1].Sale, log[1].Epoch, log[1].Revision));
        Assert.Equal(sale.OpensAt, log[1].AdmittedAt);
        Assert.Equal([anna, carl], log[1].Claims);
        Assert.NotEqual(log[0].Id, log[1].Id);
    }

    [Fact]
    public async Task Refusals_and_replays_are_not_logged()
    {
        var sale = await OpenSaleAsync(quantity: 1);
        await ClaimAsync(sale, "anna k1 1");

        Assert.Equal(
            "same order, limit, sold out", await ClaimAsync(sale, "anna k1 1", "anna k2 1", "bert k1 1"));

        Assert.Single(await LogOfAsync(sale.Id));
    }

    [Fact]
    public async Task A_sale_without_a_gate_is_unknown_and_holds_up_no_other()
    {
        var open = await OpenSaleAsync("open");
        var missing = Samples.Batch(SampleSale("missing"), Samples.Claim(SampleSale("missing"), "anna"));
        var other = Samples.Batch(open, Samples.Claim(open, "anna"));

        await Gate.ClaimAsync([missing, other], Cancel);

        Assert.Equal(Outcome.SaleUnknown, missing.Answers[0].Outcome);
        Assert.Equal(Outcome.Admitted, other.Answers[0].Outcome);
        Assert.Equal(new GateLook(GateStanding.Missing, 0), await Gate.LookAsync(SaleId.Parse("missing"), Cancel));
        Assert.Null(await Gate.ReportAsync(SaleId.Parse("missing"), Cancel));
        Assert.Empty(await Gate.OrdersOfAsync(SaleId.Parse("missing"), BuyerId.Parse("anna"), Cancel));
    }

    [Fact]
    public async Task A_refusal_says_how_many_units_were_left()
    {
        var sale = await OpenSaleAsync(quantity: 5, limit: 5);

        var batch = await AnswerAsync(
            sale, ClaimOf(sale, "anna k1 3"), ClaimOf(sale, "bert k1 4"), ClaimOf(sale, "carl k1 1"));

        Assert.Equal([2, 2, 1], batch.Answers.ToArray().Select(answer => answer.Available));
        Assert.Equal(1, batch.View?.Available);
    }

    [Fact]
    public async Task The_version_grows_with_every_change_of_the_stock_and_rests_while_nothing_is_left()
    {
        var sale = await OpenSaleAsync(quantity: 2);
        var views = new List<StockView>();
        foreach (var row in (string[])["anna k1 1", "bert k1 1", "carl k1 1"])
        {
            views.Add((await AnswerAsync(sale, ClaimOf(sale, row))).View!);
        }

        views.Add((await ReleaseAsync(ClaimOf(sale, "anna k1 1")))!);
        views.Add((await ReleaseAsync(ClaimOf(sale, "bert k1 1")))!);

        Assert.Equal([(8, 1), (9, 0), (9, 0), (10, 1), (11, 2)], views.Select(view => (view.Version, view.Available)));
    }

    [Fact]
    public async Task An_expired_token_is_told_of_a_standing_order_and_of_nothing_else()
    {
        var sale = await OpenSaleAsync();
        await ClaimAsync(sale, "anna k1 1");

        var anna = ClaimOf(sale, "anna k1 1") with { IsReplay = true };
        var bert = ClaimOf(sale, "bert k1 1") with { IsReplay = true };
        var batch = await AnswerAsync(sale, anna, bert);

        Assert.Equal("same order, token over", Told(batch));
    }

    [Fact]
    public async Task A_log_too_far_behind_makes_the_gate_busy_and_hides_no_order()
    {
        var sale = await OpenSaleAsync();
        await ClaimAsync(sale, "anna k1 1");

        await TurnAsync(sale.Id, sale.OpensAt + MaxQueueAge);
        Assert.Equal("admitted", await ClaimAsync(sale, "bert k1 1"));
        await TurnAsync(sale.Id, sale.OpensAt + MaxQueueAge + TimeSpan.FromMilliseconds(1));
        Assert.Equal("busy, same order", await ClaimAsync(sale, "carl k1 1", "anna k1 1"));

        await DeleteAsync(sale.Id, [(await LogOfAsync(sale.Id))[0].Id]);
        Assert.Equal("admitted", await ClaimAsync(sale, "carl k1 1"));
    }

    [Fact]
    public async Task F14_a_gate_whose_clock_steps_back_neither_closes_nor_opens_again()
    {
        var sale = SampleSale() with { ClosesAt = SampleSale().OpensAt.AddHours(1) };
        await Gate.OpenAsync(Snapshot(sale, epoch: 1), Cancel);
        await TurnAsync(sale.Id, sale.OpensAt);
        Assert.Equal("admitted", await ClaimAsync(sale, "anna k1 1"));

        await TurnAsync(sale.Id, sale.OpensAt.AddSeconds(-5));
        Assert.Equal("admitted", await ClaimAsync(sale, "bert k1 1"));
        await TurnAsync(sale.Id, sale.ClosesAt.Value);
        Assert.Equal("closed", await ClaimAsync(sale, "carl k1 1"));
        await TurnAsync(sale.Id, sale.ClosesAt.Value.AddSeconds(-5));
        Assert.Equal("closed", await ClaimAsync(sale, "carl k1 1"));
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
        var held = await Gate.HeldByAsync(sale.Id, BuyerId.Parse("anna"), Cancel);
        Assert.Equal((await Gate.LookAsync(sale.Id, Cancel)).Epoch, held?.Epoch);
        Assert.Equal([1, 1, 1], held!.Orders.Select(order => order.Quantity));
        Assert.Null(await Gate.HeldByAsync(SaleId.Parse("missing"), BuyerId.Parse("anna"), Cancel));
    }

    [Fact]
    public async Task Late_money_takes_the_units_of_an_ended_order_once_a_turn()
    {
        var sale = await OpenSaleAsync(quantity: 2, limit: 2);
        var anna = ClaimOf(sale, "anna k1 2");
        await AnswerAsync(sale, anna);
        Assert.Equal("same order", Told(await AnswerAsync(sale, Revive(anna, turn: 1))));
        await ReleaseAsync(anna);

        Assert.Equal(
            "admitted, same order", Told(await AnswerAsync(sale, Revive(anna, turn: 1), Revive(anna, turn: 1))));
        await LeavesAsync(sale, 0);
        var entry = (await LogOfAsync(sale.Id))[^1];
        Assert.Equal([Revive(anna, turn: 1)], entry.Claims);

        await ReleaseAsync(anna, turn: 0);
        await LeavesAsync(sale, 0);
        await ReleaseAsync(anna, turn: 1);
        await LeavesAsync(sale, 2);
        Assert.Equal("same order", Told(await AnswerAsync(sale, Revive(anna, turn: 1))));
        Assert.Equal("admitted", Told(await AnswerAsync(sale, Revive(anna, turn: 2))));
    }

    [Fact]
    public async Task Late_money_is_judged_on_limit_and_stock_alone()
    {
        var sale = await OpenSaleAsync(quantity: 2);
        var anna = ClaimOf(sale, "anna k1 1");
        var bert = ClaimOf(sale, "bert k1 1");
        await AnswerAsync(sale, anna, bert);
        await ReleaseAsync(anna);
        await ReleaseAsync(bert);
        await ClaimAsync(sale, "anna k2 1");
        await Gate.ApplyAsync(sale with { Revision = 2, Mode = SaleMode.Closed }, epoch: null, Cancel);

        Assert.Equal("limit", Told(await AnswerAsync(sale, Revive(anna, turn: 1))));
        Assert.Equal("admitted", Told(await AnswerAsync(sale, Revive(bert, turn: 1))));
    }
}
