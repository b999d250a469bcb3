using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class EpochConformance
{
    protected abstract IDeadLetters Letters { get; }

    protected abstract IOutbox Outbox { get; }

    private static DateTimeOffset Later => Samples.Noon.AddSeconds(1);

    [Fact]
    public async Task F09_dead_letters_are_listed_page_by_page_as_they_came()
    {
        var sale = await CreateSaleAsync();
        var claims = (Claim[])[Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"), Samples.Claim(sale, "carl")];
        foreach (var claim in claims)
        {
            await BuryAsync(sale, claim);
        }

        var first = await Letters.ListAsync(after: null, most: 2, Cancel);
        var rest = await Letters.ListAsync(first[^1].Id, most: 2, Cancel);

        Assert.Equal((2, 1), (first.Count, rest.Count));
        Assert.Equal(claims.ToHashSet(), first.Concat(rest).Select(letter => letter.Entry.Claims[0]).ToHashSet());
        var anna = await Letters.FindLetterAsync(DeadLetterId.Of(claims[0]), Cancel);
        Assert.Equal((Samples.Noon, "It looked bad."), (anna!.BuriedAt, anna.Reason));
        Assert.Equal(
            (sale.Id, "1-0", 1, sale.Revision, Samples.Noon.AddSeconds(-3)),
            (anna.Entry.Sale, anna.Entry.Id, anna.Entry.Epoch, anna.Entry.Revision, anna.Entry.AdmittedAt));
        Assert.Null(await Letters.FindLetterAsync(new DeadLetterId(claims[0].Order, 1), Cancel));
    }

    [Fact]
    public async Task I4_what_waited_too_long_is_given_up_once_and_its_units_are_the_sales()
    {
        var sale = await CreateSaleAsync();
        var (anna, bert) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));
        await BuryAsync(sale, anna);
        await Fulfilment.BuryAsync(
            Entry(sale, bert) with { Sale = SaleId.Parse("nowhere"), Claims = [OfNowhere("bert")] }, "No sale.",
            Cancel);
        Assert.Empty(await Letters.OverdueAsync(Samples.Noon, after: null, most: 9, Cancel));
        var overdue = Assert.Single(await Letters.OverdueAsync(Later, after: null, most: 9, Cancel));

        var told = await Letters.RejectAsync(overdue, Cancel);

        Assert.Equal(
            (OrderStatus.Rejected, RejectionReason.Failed, 1), (told!.Status, told.Rejection!.Value, told.Quantity));
        Assert.Equal([told], await FulfilAsync(Entry(sale, anna)));
        Assert.Null(await Letters.RejectAsync(overdue, Cancel));
        Assert.Empty(await Letters.OverdueAsync(Later, after: null, most: 9, Cancel));
        Assert.Equal(anna.Order, (await ToldAsync())[0]);
        Assert.Equal(10, (await Store.Sales.ReportAsync(sale.Id, Cancel))!.Stock.Available);
    }

    [Fact]
    public async Task I5_late_money_whose_claim_waited_too_long_goes_back()
    {
        var sale = await CreateSaleAsync();
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        var revival = late with { Revival = new Revival(payment, 1) };
        await BuryAsync(sale, revival);

        var told = await Letters.RejectAsync(DeadLetterId.Of(revival), Cancel);

        Assert.Equal((OrderStatus.Expired, PaymentState.RefundDue), (told!.Status, told.Payment!.State));
        Assert.Equal(RefundReason.Failed, told.Payment.RefundReason);
        Assert.Contains(late.Order, await ToldAsync());
        Assert.Empty(await LettersAsync());
        Assert.Equal("anna 0", Held(await RaiseAsync(sale, from: 1), late));
    }

    [Fact]
    public async Task What_waited_too_long_is_found_page_by_page_past_what_stays()
    {
        var sale = await CreateSaleAsync();
        foreach (var buyer in (string[])["anna", "bert", "carl"])
        {
            await BuryAsync(sale, Samples.Claim(sale, buyer));
        }

        var first = await Letters.OverdueAsync(Later, after: null, most: 2, Cancel);
        var rest = await Letters.OverdueAsync(Later, first[^1], most: 2, Cancel);

        Assert.Equal((2, 1), (first.Count, rest.Count));
        var all = await Letters.ListAsync(after: null, most: 9, Cancel);
        Assert.Equal(all.Select(letter => letter.Id), first.Concat(rest));
        Assert.Empty(await Letters.OverdueAsync(Later, rest[^1], most: 2, Cancel));
    }

    [Fact]
    public async Task I4_a_letter_that_is_replayed_becomes_an_order_once()
    {
        var sale = await CreateSaleAsync();
        var anna = Samples.Claim(sale, "anna");
        await BuryAsync(sale, anna);

        var answer = await Letters.ReplayAsync(DeadLetterId.Of(anna), Cancel);

        Assert.Equal((OrderStatus.Reserved, null), (answer!.Order!.Status, answer.Reason));
        Assert.Null(await Letters.ReplayAsync(DeadLetterId.Of(anna), Cancel));
        Assert.Null(await Letters.RejectAsync(DeadLetterId.Of(anna), Cancel));
        Assert.Empty(await LettersAsync());
        Assert.Equal([answer.Order], await FulfilAsync(Entry(sale, anna)));
        Assert.Equal(9, (await Store.Sales.ReportAsync(sale.Id, Cancel))!.Stock.Available);
    }

    [Fact]
    public async Task A_letter_of_no_sale_cannot_be_replayed_and_stays()
    {
        var sale = await CreateSaleAsync();
        var nowhere = OfNowhere("bert");
        await Fulfilment.BuryAsync(
            Entry(sale, nowhere) with { Sale = SaleId.Parse("nowhere") }, "No sale.", Cancel);

        await Assert.ThrowsAsync<BadClaimException>(
            () => Letters.ReplayAsync(DeadLetterId.Of(nowhere), Cancel).AsTask());
        Assert.NotEmpty(await LettersAsync());
    }

    [Fact]
    public async Task I2_letters_that_are_replayed_while_gates_are_opened_anew_keep_their_units()
    {
        var sale = await CreateSaleAsync(quantity: 12);
        var (late, payment) = await ExpireAndPayAsync(sale, "late");
        Claim[] claims =
        [
            late with { Revival = new Revival(payment, 1) },
            .. Enumerable.Range(0, 11).Select(i => Samples.Claim(sale, $"buyer-{i}")),
        ];
        foreach (var claim in claims)
        {
            await BuryAsync(sale, claim);
        }

        var raising = Task.Run(async () =>
        {
            GateSnapshot? last = null;
            for (var epoch = 1; epoch <= 6; epoch++)
            {
                last = await RaiseAsync(sale, epoch);
            }

            return last!;
        });
        var answers = await Task.WhenAll(
            claims.Select(claim => Task.Run(() => Letters.ReplayAsync(DeadLetterId.Of(claim), Cancel).AsTask())));
        var snapshot = await raising;

        Assert.All(answers, answer => Assert.Null(answer!.Reason));
        Assert.Equal(OrderStatus.Paid, answers[0]!.Order!.Status);
        Assert.All(answers[1..], answer => Assert.Equal(OrderStatus.Reserved, answer!.Order!.Status));
        Assert.All(claims, claim => Assert.Contains(" 1", Held(snapshot, claim), StringComparison.Ordinal));
        Assert.Equal(0, (await Store.Sales.ReportAsync(sale.Id, Cancel))!.Stock.Available);
    }

    [Fact]
    public async Task I2_an_old_copy_of_late_moneys_claim_leaves_its_letter_which_holds_units_of_the_new_gate()
    {
        var sale = await CreateSaleAsync();
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        var revival = late with { Revival = new Revival(payment, 1) };
        await BuryAsync(sale, revival);
        await RaiseAsync(sale, from: 1);

        var told = Assert.Single(await FulfilAsync(Entry(sale, revival)));

        Assert.Equal(OrderStatus.Expired, told.Status);
        Assert.Equal("anna e2", await LettersAsync());
        var answer = await Letters.ReplayAsync(DeadLetterId.Of(revival), Cancel);
        Assert.Equal((OrderStatus.Paid, null), (answer!.Order!.Status, answer.Reason));
        Assert.Empty(await LettersAsync());
    }

    [Fact]
    public async Task I4_an_old_copy_of_a_buyers_claim_leaves_its_letter_which_holds_units_of_the_new_gate()
    {
        var sale = await CreateSaleAsync();
        var anna = Samples.Claim(sale, "anna");
        await BuryAsync(sale, anna);
        await RaiseAsync(sale, from: 1);

        Assert.Empty(await FulfilAsync(Entry(sale, anna)));

        Assert.Equal("anna e2", await LettersAsync());
        var answer = await Letters.ReplayAsync(DeadLetterId.Of(anna), Cancel);
        Assert.Equal((OrderStatus.Reserved, null), (answer!.Order!.Status, answer.Reason));
        Assert.Empty(await LettersAsync());
    }

    [Fact]
    public async Task I1_letters_without_room_are_rejected_when_replayed_or_ask_again_where_they_are_late_moneys()
    {
        var sale = await CreateSaleAsync(quantity: 2);
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        var revival = late with { Revival = new Revival(payment, 1) };
        var bert = Samples.Claim(sale, "bert");
        await BuryAsync(sale, revival);
        await BuryAsync(sale, bert);
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "carl"), Samples.Claim(sale, "dora")));
        await RaiseAsync(sale, from: 1);

        var rejected = await Letters.ReplayAsync(DeadLetterId.Of(bert), Cancel);
        var asking = await Letters.ReplayAsync(DeadLetterId.Of(revival), Cancel);

        Assert.Equal(
            (OrderStatus.Rejected, RejectionReason.AdmissionLost),
            (rejected!.Order!.Status, rejected.Order.Rejection!.Value));
        Assert.Equal(OrderStatus.Expired, asking!.Order!.Status);
        Assert.Contains("by itself", asking.Reason, StringComparison.Ordinal);
        Assert.Equal("anna e1", await LettersAsync());
    }

    [Fact]
    public async Task I2_a_letter_whose_claim_a_later_gate_admitted_again_gives_that_gates_units_back()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        var revival = late with { Revival = new Revival(payment, 1) };
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "bert")));
        await BuryAsync(sale, revival);
        await RaiseAsync(sale, from: 1);
        Assert.Equal("anna e1", await LettersAsync());

        await Fulfilment.BuryAsync(Entry(sale, revival) with { Epoch = 2, Id = "2-0" }, "Again.", Cancel);
        await Fulfilment.BuryAsync(Entry(sale, revival), "An old copy.", Cancel);

        var letter = await Letters.FindLetterAsync(DeadLetterId.Of(revival), Cancel);
        Assert.Equal(
            (2, "2-0", "Again.", Samples.Noon),
            (letter!.Entry.Epoch, letter.Entry.Id, letter.Reason, letter.BuriedAt));
        Assert.Equal(OrderStatus.Expired, (await Letters.RejectAsync(letter.Id, Cancel))!.Status);
        Assert.Equal(late.Order, (await ToldAsync())[0]);
    }

    [Fact]
    public async Task I2_a_letter_is_of_as_many_units_as_the_later_gate_took()
    {
        var sale = await CreateSaleAsync(limit: 2);
        await BuryAsync(sale, Samples.Claim(sale, "anna"));
        var two = Samples.Claim(sale, "anna", units: 2);

        await Fulfilment.BuryAsync(Entry(sale, two) with { Epoch = 2 }, "Again.", Cancel);

        Assert.Equal(2, (await Letters.FindLetterAsync(DeadLetterId.Of(two), Cancel))!.Entry.Claims[0].Quantity);
    }

    /// <summary>A gate that came back older admitted her again; her earlier order stands in the store.</summary>
    [Fact]
    public async Task I3_a_letter_that_would_take_its_buyer_above_the_limit_keeps_its_epoch()
    {
        var sale = await CreateSaleAsync(limit: 2);
        var (anna, bert) = (Samples.Claim(sale, "anna", "k2"), Samples.Claim(sale, "bert", units: 2));
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "anna", units: 2)));
        await BuryAsync(sale, anna);
        await BuryAsync(sale, bert);

        Assert.Equal("anna -, bert 2", Held(await RaiseAsync(sale, from: 1), anna, bert));

        Assert.Equal("anna e1, bert e2", await LettersAsync());
        var told = await Letters.ReplayAsync(DeadLetterId.Of(anna), Cancel);
        Assert.Equal(RejectionReason.AdmissionLost, told!.Order!.Rejection);
    }

    /// <summary>Hers surfaced after its gate was lost; the one since has sold her unit to him.</summary>
    [Fact]
    public async Task I4_a_letter_for_which_the_gate_holds_units_goes_before_one_of_an_earlier_gate()
    {
        var sale = await CreateSaleAsync(quantity: 2, limit: 2);
        var (anna, bert) = (Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert", units: 2));
        await RaiseAsync(sale, from: 1);
        await BuryAsync(sale, anna);
        await Fulfilment.BuryAsync(Entry(sale, bert) with { Epoch = 2 }, "It looked bad.", Cancel);

        Assert.Equal("anna -, bert 2", Held(await RaiseAsync(sale, from: 2), anna, bert));

        Assert.Equal("anna e1, bert e3", await LettersAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task I2_a_letter_of_late_money_that_asks_no_more_under_its_turn_holds_nothing(bool isRefused)
    {
        var sale = await CreateSaleAsync();
        var (late, payment) = await ExpireAndPayAsync(sale, "anna");
        var revival = late with { Revival = new Revival(payment, 1) };
        await BuryAsync(sale, revival);
        OrderCommand decision = isRefused
            ? new OrderCommand.RefuseRevival(payment, RefundReason.NoUnitsLeft)
            : new OrderCommand.AskAgain(payment, 1);
        await ApplyAsync(decision, Samples.Noon);

        Assert.Equal("anna 0", Held(await RaiseAsync(sale, from: 1), late));

        Assert.Equal("anna e1", await LettersAsync());
        Assert.NotNull(await Letters.RejectAsync(DeadLetterId.Of(revival), Cancel));
        Assert.Empty(await LettersAsync());
    }

    private static Claim OfNowhere(string buyer) => Samples.Claim(Samples.Sale("nowhere"), buyer);

    /// <summary>The orders whose units gates are told to free, the latest first.</summary>
    private async Task<IReadOnlyList<OrderId>> ToldAsync() =>
        [.. (await Outbox.ReadAsync(0, 1_000, Cancel)).Reverse().Select(entry => entry.Release!.Value.Order)];
}
