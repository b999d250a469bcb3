using Doorbuster.Conformance;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Telemetry;
using Xunit;

namespace Doorbuster.Tests.Telemetry;

/// <summary>Every instrument says what happened in a sale that really goes on, on one thread and one clock.</summary>
public sealed class MeasuredSaleTests
{
    private const string Drop = "drop";

    [Fact]
    public void In_one_sale_every_instrument_moves() => MeasuredSale.Run(quantity: 4, async sale =>
    {
        using var slow = sale.Feed.Watch(sale.Listing, BuyerId.Parse("anna"), () => { })!;
        var claiming = sale.ClaimAsync("anna", "bert", "carl");
        sale.Meters.Look();
        await claiming;
        var paid = await sale.OpenPaymentAsync("anna");
        await sale.DoAsync(new OrderCommand.Capture(paid.Id, paid.OrderId, paid.Amount));
        var wrong = await sale.OpenPaymentAsync("bert");
        var capturing = sale.DoAsync(new OrderCommand.Capture(wrong.Id, wrong.OrderId, new Money(1, "EUR")));
        sale.Meters.Look();
        await capturing;
        await sale.NextLookAsync();
        sale.Meters.Look();
        await sale.PassAsync(TimeSpan.FromMinutes(10));
        await sale.DoAsync(new OrderCommand.Expire(sale.OrderOf("carl")));
        var order = (await sale.Ledger.FindAsync([sale.OrderOf("anna")], CancellationToken.None))[0];
        for (var i = 0; i <= sale.Limits.WatcherQueue; i++)
        {
            sale.Feed.OrdersChanged([order]);
        }

        await sale.NextLookAsync();
        sale.Counts("doorbuster.claims", ("admitted", 3));
        sale.Counts("doorbuster.orders", ("reserved", 3), ("paid", 1), ("expired", 1));
        sale.Counts("doorbuster.payments", ("created", 2), ("captured", 2), ("refund_due", 1));
        Assert.Equal((2, 1, 1, 1), sale.Units());
        var ofOneProcess = sale.Meters.Instruments.Where(one => one.Name != "doorbuster.commit.retries");
        Assert.All(ofOneProcess, instrument => Assert.Contains(
            sale.Meters.All(),
            measured => measured.Instrument == instrument.Name
                && (measured.Value > 0 || instrument.Name == "doorbuster.commit.duration"
                    || instrument.Name == "doorbuster.claim.wait")));
    });

    [Fact]
    public void Claims_are_counted_by_what_was_decided() => MeasuredSale.Run(quantity: 3, async sale =>
    {
        await sale.ClaimAsync("anna", "bert");
        await sale.ClaimAsync("anna");
        await sale.ClaimAsync("carl");
        await sale.ClaimAsync("dora", "emil");

        sale.Counts("doorbuster.claims", ("admitted", 3), ("replayed", 1), ("sold_out", 2));
        sale.Counts("doorbuster.orders", ("reserved", 3));
    });

    [Fact]
    public void A_full_lane_and_an_unknown_outcome_are_counted() => MeasuredSale.Run(quantity: 3, async sale =>
    {
        sale.Ledger.CanReadBack = false;
        sale.Ledger.Next(CommitFault.UnknownAndDone);
        await sale.ClaimAsync("anna");
        sale.Counts("doorbuster.claims", ("outcome_unknown", 1));

        // The lane asks for itself what became of it: nobody's claim, and the order is counted once it is known.
        sale.Ledger.CanReadBack = true;
        await sale.PassAsync(TimeSpan.FromSeconds(1));
        sale.Counts("doorbuster.claims", ("outcome_unknown", 1));
        sale.Counts("doorbuster.orders", ("reserved", 1));

        await sale.ClaimAsync([.. Enumerable.Range(0, sale.Limits.LaneCapacity + 2).Select(i => $"buyer-{i}")]);
        Assert.Equal(2, sale.Meters.Total("doorbuster.claims", "busy"));
    });

    [Fact]
    public void A_batch_its_wait_and_its_commit_are_measured() => MeasuredSale.Run(quantity: 3, async sale =>
    {
        sale.Ledger.BeforeCommit = async _ =>
        {
            await sale.PassAsync(TimeSpan.FromMilliseconds(20));
            return CommitFault.None;
        };
        var first = sale.ClaimAsync("anna", "bert");
        await sale.PassAsync(TimeSpan.FromMilliseconds(5));
        var second = sale.ClaimAsync("carl");
        Assert.Equal(1, sale.Meters.Total("doorbuster.lane.depth"));
        await first;
        await second;

        Assert.Equal([2, 1], sale.Meters.Values("doorbuster.batch.size"));
        Assert.Equal([0.02, 0.02], sale.Meters.Values("doorbuster.commit.duration", "claims").Select(Rounded));
        Assert.Equal([0, 0, 0.015], sale.Meters.Values("doorbuster.claim.wait").Select(Rounded));
        Assert.Equal(0, sale.Meters.Total("doorbuster.lane.depth"));
    });

    [Fact]
    public void A_commit_that_fails_says_so() => MeasuredSale.Run(quantity: 3, async sale =>
    {
        sale.Ledger.Next(CommitFault.Failed);
        await sale.ClaimAsync("anna");

        Assert.Single(sale.Meters.Values("doorbuster.commit.duration", "not_written"));
        sale.Counts("doorbuster.claims", ("busy", 1));
        sale.Counts("doorbuster.orders");
    });

    [Fact]
    public void The_whole_life_of_orders_and_their_money_is_counted() => MeasuredSale.Run(quantity: 5, async sale =>
    {
        await sale.ClaimAsync("anna", "bert", "carl", "dora");
        var paid = await sale.OpenPaymentAsync("anna");
        await sale.DoAsync(new OrderCommand.Capture(paid.Id, paid.OrderId, paid.Amount));
        await sale.DoAsync(new OrderCommand.Capture(paid.Id, paid.OrderId, paid.Amount));
        await sale.DoAsync(new OrderCommand.Cancel(sale.OrderOf("bert")));
        var failed = await sale.OpenPaymentAsync("carl");
        await sale.DoAsync(new OrderCommand.Fail(failed.Id));
        var late = await sale.OpenPaymentAsync("dora");
        await sale.PassAsync(TimeSpan.FromMinutes(10) + TimeSpan.FromMilliseconds(40));
        await sale.DoAsync(new OrderCommand.Expire(sale.OrderOf("carl")));
        await sale.DoAsync(new OrderCommand.Expire(sale.OrderOf("dora")));
        await sale.DoAsync(new OrderCommand.Capture(late.Id, late.OrderId, late.Amount));
        await sale.ClaimAsync(late);

        sale.Counts("doorbuster.claims", ("admitted", 4));
        sale.Counts("doorbuster.orders", ("reserved", 4), ("paid", 2), ("cancelled", 1), ("expired", 2));
        sale.Counts("doorbuster.payments", ("created", 3), ("captured", 2), ("failed", 1));
        sale.Counts("doorbuster.refunds");
        Assert.Equal([0.04, 0.04], sale.Meters.Values("doorbuster.expiry.lag").Select(Rounded));
        Assert.NotEmpty(sale.Meters.Values("doorbuster.commit.duration", "orders"));
    });

    [Fact]
    public void Money_that_goes_back_is_counted_with_its_reason() => MeasuredSale.Run(quantity: 1, async sale =>
    {
        await sale.ClaimAsync("anna");
        var payment = await sale.OpenPaymentAsync("anna");
        await sale.DoAsync(new OrderCommand.Capture(payment.Id, payment.OrderId, new Money(1, "EUR")));
        await sale.DoAsync(new OrderCommand.NoteRefund(payment.Id));

        sale.Counts("doorbuster.payments", ("created", 1), ("captured", 1), ("refund_due", 1), ("refunded", 1));
        sale.Counts("doorbuster.refunds", ("amount_differs", 1));
        sale.Counts("doorbuster.orders", ("reserved", 1));
    });

    [Fact]
    public void The_units_of_a_sale_are_shown_and_the_law_with_them() => MeasuredSale.Run(quantity: 5, async sale =>
    {
        await sale.ClaimAsync("anna", "bert", "carl");
        var payment = await sale.OpenPaymentAsync("anna");
        await sale.DoAsync(new OrderCommand.Capture(payment.Id, payment.OrderId, payment.Amount));
        await sale.NextLookAsync();

        Assert.Equal((2, 2, 1, 1), sale.Units());
        Assert.Equal([2], sale.Meters.Values("doorbuster.sale.available", Drop));

        sale.Store.TamperStock = stock => stock with { Sold = stock.Sold + 1 };
        await sale.NextLookAsync();
        Assert.Equal((2, 2, 2, 0), sale.Units());

        sale.Store.TamperStock = stock => stock;
        await sale.NextLookAsync();
        Assert.Equal((2, 2, 1, 1), sale.Units());
    });

    [Fact]
    public void F13_A_gate_that_differs_from_the_store_breaks_the_law_only_if_it_stays_so() =>
        MeasuredSale.Run(quantity: 5, async sale =>
        {
            // The row itself is lawful; a unit is held that the gate does not know.
            sale.Store.TamperStock = stock => stock with
            {
                Available = stock.Available - 1,
                Reserved = stock.Reserved + 1,
            };
            await sale.NextLookAsync();
            Assert.Equal((4, 1, 0, 1), sale.Units());

            await sale.PassAsync(MeasuredSale.LongestCommit - (2 * StockTaker.Pause));
            await sale.ClaimAsync("anna");
            await sale.NextLookAsync();
            Assert.Equal((3, 2, 0, 1), sale.Units());

            await sale.PassAsync(MeasuredSale.LongestCommit + (2 * StockTaker.Pause));
            Assert.Equal((3, 2, 0, 0), sale.Units());
        });

    /// <summary>A worker has an old word of the gate's, or none.</summary>
    [Fact]
    public void A_node_that_does_not_hear_gates_judges_the_store_alone() => MeasuredSale.Run(
        quantity: 5,
        async sale =>
        {
            sale.Store.TamperStock = stock => stock with
            {
                Available = stock.Available - 1,
                Reserved = stock.Reserved + 1,
            };
            await sale.NextLookAsync();
            await sale.PassAsync(MeasuredSale.LongestCommit + (2 * StockTaker.Pause));
            Assert.Equal((4, 1, 0, 1), sale.Units());
        },
        hearsGates: false);

    [Fact]
    public void A_store_that_cannot_be_read_leaves_a_gap() => MeasuredSale.Run(quantity: 5, async sale =>
    {
        await sale.NextLookAsync();
        Assert.Single(sale.Meters.Values("doorbuster.sale.law"));

        sale.Store.TamperStock = _ => throw new StoreUnavailableException("The disk is gone.");
        await sale.NextLookAsync();
        Assert.Empty(sale.Meters.Values("doorbuster.sale.law"));
        Assert.Empty(sale.Meters.Values("doorbuster.sale.available"));
    });

    [Fact]
    public void Sales_that_opened_last_come_first_and_closed_ones_are_only_counted() =>
        MeasuredSale.Run(quantity: 5, async sale =>
        {
            var now = sale.Clock.GetUtcNow();
            await sale.AddAsync(Samples.Sale("old") with { OpensAt = now.AddDays(-2) });
            await sale.AddAsync(Samples.Sale("new") with { OpensAt = now.AddSeconds(-1) });
            await sale.AddAsync(Samples.Sale("next") with { OpensAt = now.AddDays(1) });
            await sale.AddAsync(Samples.Sale("far") with { OpensAt = now.AddDays(9) });
            await sale.AddAsync(Samples.Sale("over") with { OpensAt = now, Mode = SaleMode.Closed });
            await sale.AddAsync(Samples.Sale("held") with { OpensAt = now.AddDays(-1), Mode = SaleMode.Paused });
            await sale.NextLookAsync();

            string[] shown = [Drop, "new", "held", "old", "next"];
            Assert.Equal(MeasuredSale.MeasuredSales, shown.Length);
            Assert.All(shown, id => Assert.Equal([1], sale.Meters.Values("doorbuster.sale.law", id)));
            Assert.Equal(shown.Length, sale.Meters.Values("doorbuster.sale.law").Count);
            sale.Counts("doorbuster.sales", ("scheduled", 2), ("open", 3), ("paused", 1), ("closed", 1));
        });

    [Fact]
    public void Watchers_are_shown_and_who_is_dropped_is_counted() => MeasuredSale.Run(quantity: 5, async sale =>
    {
        using var reads = sale.Feed.Watch(sale.Listing, buyer: null, () => { })!;
        using var left = sale.Feed.Watch(sale.Listing, buyer: null, () => { })!;
        using var slow = sale.Feed.Watch(sale.Listing, BuyerId.Parse("anna"), () => { })!;
        Assert.Equal(3, sale.Meters.Total("doorbuster.watchers.active"));
        Assert.Equal(0, sale.Meters.Total("doorbuster.watchers.dropped"));

        left.Dispose();
        await sale.ClaimAsync("anna");
        var order = (await sale.Ledger.FindAsync([sale.OrderOf("anna")], CancellationToken.None))[0];
        for (var i = 0; i <= sale.Limits.WatcherQueue; i++)
        {
            sale.Feed.OrdersChanged([order]);
        }

        Assert.Equal(WatchEnd.TooSlow, slow.End);
        slow.Dispose();
        Assert.Equal(1, sale.Meters.Total("doorbuster.watchers.dropped"));
        Assert.Equal(1, sale.Meters.Total("doorbuster.watchers.active"));
    });

    [Fact]
    public void Commands_that_wait_are_shown() => MeasuredSale.Run(quantity: 5, async sale =>
    {
        await sale.ClaimAsync("anna");
        var cancelling = sale.DoAsync(new OrderCommand.Cancel(sale.OrderOf("anna")));

        Assert.Equal(1, sale.Meters.Total("doorbuster.order_queue.depth"));
        await cancelling;
        Assert.Equal(0, sale.Meters.Total("doorbuster.order_queue.depth"));
    });

    private static double Rounded(double seconds) => Math.Round(seconds, 4);
}
