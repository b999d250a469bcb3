using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Xunit;

namespace Doorbuster.Conformance;

public abstract partial class FulfilmentConformance
{
    [Fact]
    public async Task Admitted_claims_become_reserved_orders_whose_payment_window_starts_now()
    {
        var sale = await CreateSaleAsync(limit: 3);
        var (anna, bert) = (Samples.Claim(sale, "anna", units: 2), Samples.Claim(sale, "bert"));

        var orders = await FulfilAsync(Entry(sale, anna, bert));

        Assert.Equal(orders, await FindAsync(anna, bert));
        Assert.Equal(
            new Order(
                anna.Order, anna.Buyer, 2, sale.Price.Times(2), OrderStatus.Reserved, Revision: 1,
                CreatedAt: Samples.Noon.AddSeconds(-3), ReservedAt: Samples.Noon,
                ExpiresAt: Samples.Noon + sale.PaymentWindow),
            orders[0]);
        Assert.Equal((7, 3, 0), await UnitsAsync(sale));
        Assert.Empty(await ToldAsync());
        Assert.Equal(
            [EventKind.OrderReserved, EventKind.OrderReserved],
            (await Orders.EventsAsync(sale.Id, 0, 10, Cancel)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task F07_What_comes_twice_is_done_once_and_told_the_same()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        var entry = Entry(sale, Samples.Claim(sale, "anna"));

        var first = await FulfilAsync(entry);
        var again = await FulfilAsync(entry, entry);

        Assert.Equal(OrderStatus.Reserved, Assert.Single(first).Status);
        Assert.Equal([first[0], first[0]], again);
        Assert.Equal((0, 1, 0), await UnitsAsync(sale));
        Assert.Empty(await ToldAsync());
    }

    [Fact]
    public async Task F07_A_rebuild_between_does_not_turn_what_stands_into_a_rejection()
    {
        var sale = await CreateSaleAsync();
        var entry = Entry(sale, Samples.Claim(sale, "anna"));
        await FulfilAsync(entry);
        await Sales.TakeOverAsync(Cancel);

        Assert.Equal(OrderStatus.Reserved, Assert.Single(await FulfilAsync(entry)).Status);
        Assert.Equal((9, 1, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task F10_Entries_come_in_any_order_from_any_number_of_workers_at_once()
    {
        const int Entries = 24;
        var sale = await CreateSaleAsync(quantity: Entries * 4, limit: 1);
        var other = await CreateSaleAsync("another", quantity: Entries * 4, limit: 1);
        var entries = Enumerable.Range(0, Entries)
            .SelectMany(no => (Sale[])[sale, other], (no, of) => Entry(
                of, [.. Enumerable.Range(0, 4).Select(i => Samples.Claim(of, $"buyer-{no}-{i}"))]))
            .ToArray();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(async () =>
        {
            var mine = entries.ToArray();
            new Random(worker).Shuffle(mine);
            foreach (var some in mine.Chunk(5))
            {
                await FulfilAsync(some);
            }
        })));

        Assert.Equal((0, Entries * 4, 0), await UnitsAsync(sale));
        Assert.Equal((0, Entries * 4, 0), await UnitsAsync(other));
        Assert.Empty(await ToldAsync());
    }

    [Fact]
    public async Task What_has_ended_answers_a_late_copy_and_the_units_of_that_go_back()
    {
        var sale = await CreateSaleAsync();
        var claim = Samples.Claim(sale, "anna");
        await FulfilAsync(Entry(sale, claim));
        await Orders.ApplyAsync([new OrderCommand.Cancel(claim.Order)], Samples.Noon, Cancel);

        Assert.Equal(OrderStatus.Cancelled, Assert.Single(await FulfilAsync(Entry(sale, claim))).Status);
        Assert.Equal((10, 0, 0), await UnitsAsync(sale));
        Assert.Equal("anna t0 e1", await ToldAsync());
    }

    [Fact]
    public async Task F05_A_claim_of_an_older_epoch_is_rejected_and_a_later_copy_is_a_replay_of_that()
    {
        var sale = await CreateSaleAsync();
        var claim = Samples.Claim(sale, "anna");
        await Sales.TakeOverAsync(Cancel);

        var told = Assert.Single(await FulfilAsync(Entry(sale, claim)));
        Assert.Equal(told, Assert.Single(await FindAsync(claim)));
        Assert.Equal((OrderStatus.Rejected, RejectionReason.AdmissionLost), (told.Status, told.Rejection));
        Assert.Equal((1, 0), (told.Revision, told.Held));
        Assert.Equal("anna t0 e2", await ToldAsync());

        // F20: it surfaces again, from wherever, after the buyer was told.
        Assert.Equal([told], await FulfilAsync(Entry(sale, claim) with { Epoch = 2 }));
        Assert.Equal((10, 0, 0), await UnitsAsync(sale));
        Assert.Equal(
            [EventKind.OrderRejected],
            (await Orders.EventsAsync(sale.Id, 0, 10, Cancel)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task I3_A_gate_that_forgot_what_a_buyer_holds_is_refused_and_given_the_units_back()
    {
        var sale = await CreateSaleAsync(limit: 2);
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "anna", "k1", 2)));

        var orders = await FulfilAsync(Entry(
            sale, Samples.Claim(sale, "anna", "k2"), Samples.Claim(sale, "bert", "k1"),
            Samples.Claim(sale, "bert", "k2"), Samples.Claim(sale, "bert", "k3")));

        Assert.Equal(
            [RejectionReason.BuyerLimit, null, null, RejectionReason.BuyerLimit],
            orders.Select(order => order.Rejection));
        Assert.Equal((6, 4, 0), await UnitsAsync(sale));
        Assert.Equal("anna t0 e1, bert t0 e1", await ToldAsync());
    }

    [Fact]
    public async Task I1_Units_that_there_are_not_are_refused_and_the_gate_is_found_to_have_drifted()
    {
        var sale = await CreateSaleAsync(quantity: 3, limit: 2);

        var orders = await FulfilAsync(Entry(
            sale, Samples.Claim(sale, "anna", units: 2), Samples.Claim(sale, "bert", units: 2),
            Samples.Claim(sale, "carl"), Samples.Claim(sale, "dora")));

        Assert.Equal(
            [null, RejectionReason.NoUnitsLeft, null, RejectionReason.NoUnitsLeft],
            orders.Select(order => order.Rejection));
        Assert.Equal((0, 3, 0), await UnitsAsync(sale));
        Assert.Equal("drifted e1, drifted e1", await ToldAsync());
    }

    [Fact]
    public async Task A_claim_admitted_under_terms_that_have_changed_is_rejected_and_then_they_change_no_more()
    {
        var sale = await CreateSaleAsync();
        var dearer = new SaleChange.Edit(sale with { Price = new Money(2999, "EUR") }, sale.Revision);
        var changed = await Sales.ChangeAsync(sale.Id, dearer, Samples.Noon.AddHours(-1), Cancel);
        Assert.Equal(SaleChangeOutcome.Done, changed.Outcome);

        var bert = await FulfilAsync(Entry(sale, Samples.Claim(sale, "bert")));
        var carl = await FulfilAsync(Entry(changed.Sale!, Samples.Claim(sale, "carl")));

        Assert.Equal(RejectionReason.TermsChanged, Assert.Single(bert).Rejection);
        Assert.Equal(2999, Assert.Single(carl).Amount.Amount);
        Assert.Equal((9, 1, 0), await UnitsAsync(sale));
        Assert.Equal("bert t0 e1", await ToldAsync());
        var again = new SaleChange.Edit(sale, changed.Sale!.Revision);
        var late = await Sales.ChangeAsync(sale.Id, again, Samples.Noon.AddHours(-1), Cancel);
        Assert.Equal(SaleChangeOutcome.NotScheduled, late.Outcome);
    }

    [Fact]
    public async Task A_change_that_no_claim_depends_on_rejects_none()
    {
        var sale = await CreateSaleAsync();
        await Sales.ChangeAsync(sale.Id, new SaleChange.Pause(), Samples.Noon, Cancel);
        await Sales.ChangeAsync(sale.Id, new SaleChange.Close(), Samples.Noon, Cancel);

        // Pause and close are judged once, by the gate.
        Assert.Equal(
            OrderStatus.Reserved, Assert.Single(await FulfilAsync(Entry(sale, Samples.Claim(sale, "anna")))).Status);
    }

    [Fact]
    public async Task Outbox_entries_stay_until_they_are_deleted()
    {
        var sale = await CreateSaleAsync(quantity: 1);
        await Sales.TakeOverAsync(Cancel);
        await FulfilAsync(Entry(sale, Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert")));
        var first = Assert.Single(await Outbox.ReadAsync(0, 1, Cancel));

        await Outbox.DeleteAsync([first.Id], Cancel);
        await Outbox.DeleteAsync([first.Id], Cancel);

        Assert.Equal("bert t0 e2", await ToldAsync());
    }

    [Fact]
    public async Task F09_A_claim_of_no_sale_becomes_a_dead_letter_and_the_rest_of_its_batch_is_committed()
    {
        var sale = await CreateSaleAsync();
        var nowhere = Samples.Sale("nowhere");
        var lost = Samples.Claim(nowhere, "anna");
        var buried = new List<BadClaimException>();
        var fulfiller = new Fulfiller(Fulfilment, TimeProvider.System);
        fulfiller.Buried += (_, fault) => buried.Add(fault);

        await fulfiller.FulfilAsync(
            [
                Entry(sale, Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert")),
                Entry(nowhere, lost),
                Entry(sale, Samples.Claim(sale, "carl")),
            ],
            Cancel);

        Assert.Single(buried);
        Assert.Equal([lost.Order], await DeadLettersAsync());
        Assert.Equal((7, 3, 0), await UnitsAsync(sale));
    }

    [Fact]
    public async Task F07_two_copies_of_a_buried_claim_may_come_together()
    {
        var sale = await CreateSaleAsync();
        var entry = Entry(sale, Samples.Claim(sale, "anna"), Samples.Claim(sale, "bert"));
        await Fulfilment.BuryAsync(entry with { Claims = [entry.Claims[0]] }, "It looked bad.", Cancel);

        var orders = await FulfilAsync(entry, entry);

        Assert.All(orders, order => Assert.Equal(OrderStatus.Reserved, order.Status));
        Assert.Contains(orders, order => order.Id == entry.Claims[1].Order);
        Assert.True((await Sales.ReportAsync(sale.Id, Cancel))!.Stock.LawHolds);
    }

    [Fact]
    public async Task A_dead_letter_is_kept_once_and_goes_once_its_claim_stands()
    {
        var sale = await CreateSaleAsync();
        var entry = Entry(sale, Samples.Claim(sale, "anna"));
        await Fulfilment.BuryAsync(entry, "It looked bad.", Cancel);
        await Fulfilment.BuryAsync(entry, "It still does.", Cancel);
        Assert.Equal([entry.Claims[0].Order], await DeadLettersAsync());

        await FulfilAsync(entry);
        await Fulfilment.BuryAsync(entry, "A worker that is late.", Cancel);

        Assert.Empty(await DeadLettersAsync());
        Assert.Equal((9, 1, 0), await UnitsAsync(sale));
    }
}
