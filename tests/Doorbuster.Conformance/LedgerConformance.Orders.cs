using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Conformance;

/// <summary>What becomes of orders and money in every store: what the tables say, in stock and events too.</summary>
public abstract partial class LedgerConformance
{
    /// <summary>Every table of orders and payments.</summary>
    public static TheoryData<string, string> OrdersAndPayments => [.. OrderTables.All, .. PaymentTables.All];

    [Theory]
    [MemberData(nameof(OrdersAndPayments))]
    public async Task What_becomes_of_orders_is_what_the_table_says(string scenario, string text)
    {
        var table = OrderTable.Parse(text);
        var scene = new OrderScene(table);
        await Sales.CreateAsync(OrderScene.Sale, Cancel);
        await CommitAsync(Samples.Admissions(OrderScene.Sale, 1, 0, scene.Orders));
        var admitted = scene.Orders.Count;
        foreach (var row in table.Rows)
        {
            var answer = scene.CommandOf(row) is { } command
                ? (await Orders.ApplyAsync([command], row.At, Cancel))[0]
                : await ReviveAsync(scene, row, admitted);
            if (scene.CommandOf(row) is null && answer.Outcome == CommandOutcome.Unknown)
            {
                // A gate does not ask for it, so no store hears of it.
                Assert.NotEqual("done", row.Told);
                continue;
            }

            admitted += scene.CommandOf(row) is null ? 1 : 0;
            Assert.True(row == scene.Told(row, answer), $"{scenario}:\n{row}\nwas told\n{scene.Told(row, answer)}");
            await StockAsync(OrderScene.Sale);
        }

        var before = (await FindAsync(scene.Orders), await UnsettledAsync(), await EventsAsync(OrderScene.Sale));
        CheckEvents(before.Item3, before.Item1);
        await RestartAsync();
        Assert.Equal(before.Item1, await FindAsync(scene.Orders));
        Assert.Equal(before.Item2, await UnsettledAsync());
        Assert.Equal(before.Item3, await EventsAsync(OrderScene.Sale));
    }

    [Fact]
    public async Task Money_that_names_anothers_order_is_told_in_the_sale_of_its_own_payment_alone()
    {
        var (mine, theirs) = (await CreateSaleAsync("mine"), await CreateSaleAsync("theirs"));
        var (anna, bert) = (Samples.Order(mine, "anna"), Samples.Order(theirs, "bert"));
        await CommitAsync(Samples.Admissions(mine, 1, 0, anna));
        await CommitAsync(Samples.Admissions(theirs, 1, 0, bert));
        await Orders.ApplyAsync([new OrderCommand.OpenPayment(anna.Id)], Samples.Noon, Cancel);
        var before = await EventsAsync(theirs);

        foreach (var attempt in (int[])[1, 9])
        {
            var capture = new OrderCommand.Capture(PaymentId.Of(anna.Id, attempt), $"{bert.Id}", bert.Amount);
            var answer = Assert.Single(await Orders.ApplyAsync([capture], Samples.Noon, Cancel));
            Assert.Equal(RefundReason.OrderUnknown, answer.Payment!.RefundReason);
        }

        Assert.Equal(before, await EventsAsync(theirs));
        Assert.Equal(
            [(EventKind.PaymentCaptured, anna.Id), (EventKind.PaymentRefundDue, anna.Id)],
            (await EventsAsync(mine)).TakeLast(2).Select(entry => (entry.Kind, entry.Order!.Value)));
        Assert.Equal(PaymentState.RefundDue, Assert.Single(await FindAsync([anna])).Payment!.State);
        Assert.Equal(2, (await UnsettledAsync()).Count);
    }

    [Fact]
    public async Task Late_money_and_money_that_goes_back_at_once_are_told_step_by_step()
    {
        var sale = await CreateSaleAsync();
        var order = Samples.Order(sale, "anna");
        await CommitAsync(Samples.Admissions(sale, 1, 0, order));
        var payment = PaymentId.Of(order.Id, 1);
        Assert.True(PaymentId.TryParse("theirs", out var theirs));

        await Orders.ApplyAsync(
            [
                new OrderCommand.Capture(theirs, $"{order.Id}", order.Amount.Times(2)),
                new OrderCommand.Expire(order.Id),
                new OrderCommand.Capture(payment, $"{order.Id}", order.Amount),
                new OrderCommand.RefuseRevival(payment, RefundReason.NoUnitsLeft),
                new OrderCommand.NoteRefund(payment),
            ],
            order.ExpiresAt,
            Cancel);

        Assert.Equal(
            [
                (EventKind.OrderReserved, 1, null),
                (EventKind.PaymentCaptured, 0, theirs), (EventKind.PaymentRefundDue, 0, theirs),
                (EventKind.OrderExpired, 2, null),
                (EventKind.PaymentCaptured, 0, payment), (EventKind.OrderReviving, 3, payment),
                (EventKind.PaymentRefundDue, 0, payment), (EventKind.PaymentRefunded, 0, payment),
            ],
            (await EventsAsync(sale)).Select(entry => (entry.Kind, entry.OrderRevision, entry.Payment)));
    }

    [Fact]
    public async Task I5_late_money_that_was_passed_over_asks_again_once_under_a_turn_of_its_own()
    {
        var sale = await CreateSaleAsync();
        var order = Samples.Order(sale, "anna");
        await CommitAsync(Samples.Admissions(sale, 1, 0, order));
        var (first, second) = (PaymentId.Of(order.Id, 1), PaymentId.Of(order.Id, 2));

        var answers = await Orders.ApplyAsync(
            [
                new OrderCommand.Expire(order.Id),
                new OrderCommand.Capture(first, $"{order.Id}", order.Amount),
                new OrderCommand.Capture(second, $"{order.Id}", order.Amount),
                new OrderCommand.AskAgain(first, Turn: 1),
                new OrderCommand.AskAgain(first, Turn: 1),
                new OrderCommand.RefuseRevival(second, RefundReason.NoUnitsLeft),
                new OrderCommand.AskAgain(second, Turn: 2),
            ],
            order.ExpiresAt,
            Cancel);

        Assert.Equal(
            [CommandOutcome.Done, CommandOutcome.Stands, CommandOutcome.Done, CommandOutcome.Stands],
            answers.Skip(3).Select(answer => answer.Outcome));
        Assert.Equal((3, 5), (answers[3].Order!.Turn, answers[3].Order!.Revision));
        Assert.Equal(3, Assert.Single(await UnsettledAsync(), payment => payment.Id == first).Reviving);
        Assert.Equal(
            [(3, first), (4, second), (5, first)],
            (await EventsAsync(sale)).Where(entry => entry.Kind == EventKind.OrderReviving)
                .Select(entry => (entry.OrderRevision, entry.Payment!.Value)));
    }

    [Fact]
    public async Task Money_names_its_order_by_letters_of_either_case()
    {
        var sale = await CreateSaleAsync();
        var (anna, bert) = (Samples.Order(sale, "anna"), Samples.Order(sale, "bert"));
        await CommitAsync(Samples.Admissions(sale, 1, 0, anna, bert));
        await Orders.ApplyAsync([new OrderCommand.OpenPayment(anna.Id)], Samples.Noon, Cancel);
        Assert.True(PaymentId.TryParse("theirs", out var theirs));

        var answers = await Orders.ApplyAsync(
            [
                new OrderCommand.Capture(PaymentId.Of(anna.Id, 1), $"{anna.Id}".ToLowerInvariant(), anna.Amount),
                new OrderCommand.Capture(theirs, $"{bert.Id}".ToLowerInvariant(), bert.Amount),
            ],
            Samples.Noon,
            Cancel);

        Assert.All(answers, answer => Assert.Equal(OrderStatus.Paid, answer.Order!.Status));
        Assert.Equal([$"{anna.Id}", $"{bert.Id}"], answers.Select(answer => answer.Payment!.OrderId));
        Assert.Equal((10, 8, 0, 2), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task A_batch_of_commands_sees_what_those_before_it_did()
    {
        var sale = await CreateSaleAsync();
        var order = Samples.Order(sale, "anna");
        await CommitAsync(Samples.Admissions(sale, 1, 0, order));

        var answers = await Orders.ApplyAsync(
            [
                new OrderCommand.OpenPayment(order.Id),
                new OrderCommand.Capture(PaymentId.Of(order.Id, 1), $"{order.Id}", order.Amount),
                new OrderCommand.Cancel(order.Id),
            ],
            Samples.Noon,
            Cancel);

        Assert.Equal(
            [CommandOutcome.Done, CommandOutcome.Done, CommandOutcome.Refused],
            answers.Select(answer => answer.Outcome));
        Assert.Equal((10, 9, 0, 1), Units(await StockAsync(sale)));
    }

    [Fact]
    public async Task Orders_are_due_from_their_moment_until_they_have_ended()
    {
        var sale = await CreateSaleAsync();
        Order[] orders = [.. Enumerable.Range(0, 5).Select(i => Samples.Order(sale, $"buyer-{i}"))];
        orders[3] = orders[3] with { ExpiresAt = orders[0].ExpiresAt.AddSeconds(1) };
        await CommitAsync(Samples.Admissions(sale, 1, 0, orders));
        var moment = orders[0].ExpiresAt;

        Assert.Empty(await Orders.DueAsync(moment.AddMilliseconds(-1), 10, Cancel));
        Assert.Equal([orders[0].Id, orders[1].Id], await Orders.DueAsync(moment, 2, Cancel));

        await Orders.ApplyAsync([new OrderCommand.Expire(orders[0].Id)], moment, Cancel);
        await Orders.ApplyAsync([new OrderCommand.Cancel(orders[1].Id)], moment, Cancel);
        Assert.Equal([orders[2].Id, orders[4].Id], await Orders.DueAsync(moment, 10, Cancel));

        await RestartAsync();
        Assert.Equal(
            [orders[2].Id, orders[4].Id, orders[3].Id], await Orders.DueAsync(moment.AddSeconds(1), 10, Cancel));
    }

    [Fact]
    public async Task What_is_due_comes_in_full_where_some_that_were_due_have_ended_or_been_paid()
    {
        var sale = await CreateSaleAsync(quantity: 10);
        var orders = Enumerable.Range(0, 6).Select(i => Samples.Order(sale, $"buyer-{i}")).ToArray();
        await CommitAsync(Samples.Admissions(sale, 1, 0, orders));
        var moment = orders[0].ExpiresAt;
        Assert.Equal(3, (await Orders.DueAsync(moment, 3, Cancel)).Count);

        await Orders.ApplyAsync([new OrderCommand.Expire(orders[0].Id)], moment, Cancel);
        await Orders.ApplyAsync([new OrderCommand.Cancel(orders[1].Id)], moment, Cancel);

        Assert.Equal(orders[2..5].Select(order => order.Id), await Orders.DueAsync(moment, 3, Cancel));
    }

    [Fact]
    public async Task Reservations_that_end_by_a_moment_are_counted_by_sale_so_many_at_most()
    {
        var (one, two) = (await CreateSaleAsync("one"), await CreateSaleAsync("two"));
        Order[] orders = [.. Enumerable.Range(0, 5).Select(i => Samples.Order(one, $"buyer-{i}"))];
        orders[4] = orders[4] with { ExpiresAt = orders[0].ExpiresAt.AddSeconds(1) };
        await CommitAsync(Samples.Admissions(one, 1, 0, orders));
        await CommitAsync(Samples.Admissions(two, 1, 0, Samples.Order(two, "anna")));
        var moment = orders[0].ExpiresAt;

        Assert.Empty(await Orders.ExpiringAsync(moment.AddMilliseconds(-1), 10, Cancel));
        Assert.Equal([(one.Id, 4), (two.Id, 1)], await ExpiringAsync(10));
        Assert.Equal(3, (await ExpiringAsync(3)).Sum(ofSale => ofSale.Orders));

        // Ended ones are not counted, whether anybody asked what is due or not, and counting ends none.
        await Orders.ApplyAsync([new OrderCommand.Cancel(orders[1].Id)], moment, Cancel);
        Assert.Equal([(one.Id, 3), (two.Id, 1)], await ExpiringAsync(10));
        Assert.Empty(await Orders.DueAsync(moment.AddMilliseconds(-1), 10, Cancel));
        Assert.Equal(4, (await Orders.DueAsync(moment, 10, Cancel)).Count);
        Assert.Equal([(one.Id, 3), (two.Id, 1)], await ExpiringAsync(10));
        await RestartAsync();
        Assert.Equal([(one.Id, 3), (two.Id, 1)], await ExpiringAsync(10));

        async Task<IReadOnlyList<(SaleId Sale, int Orders)>> ExpiringAsync(int most) =>
        [
            .. (await Orders.ExpiringAsync(moment, most, Cancel))
                .OrderBy(ofSale => ofSale.Sale.ToString(), StringComparer.Ordinal),
        ];
    }

    [Fact]
    public async Task F12_Expiry_cancel_and_a_repeat_give_the_units_back_once()
    {
        var sale = await CreateSaleAsync(limit: 3);
        var order = Samples.Order(sale, "anna", units: 3);
        await CommitAsync(Samples.Admissions(sale, 1, 0, order));
        OrderCommand[] all = [new OrderCommand.Expire(order.Id), new OrderCommand.Cancel(order.Id)];

        await Orders.ApplyAsync([.. all, .. all], order.ExpiresAt, Cancel);
        var snapshots = await RestartAsync();
        await Orders.ApplyAsync(all, order.ExpiresAt, Cancel);

        Assert.Equal((10, 10, 0, 0), Units(await StockAsync(sale)));
        Assert.Equal(10, snapshots[0].Stock.Available);
        Assert.True(snapshots[0].Holdings.Of(order.Buyer).TryFind(order.Id.Key, out var held));
        Assert.Equal(0, held.Quantity);
    }

    [Fact]
    public async Task F12_Expiries_that_come_together_are_each_decided_by_itself()
    {
        var (sale, other) = (await CreateSaleAsync(quantity: 20), await CreateSaleAsync("other"));
        var orders = Enumerable.Range(0, 9).Select(i => Samples.Order(sale, $"buyer-{i}")).ToArray();
        orders[7] = orders[7] with { ExpiresAt = orders[0].ExpiresAt.AddMilliseconds(1) };
        var foreign = Samples.Order(other, "foreign");
        await CommitAsync(Samples.Admissions(sale, 1, 0, orders));
        await CommitAsync(Samples.Admissions(other, 1, 0, foreign));
        var payment = PaymentId.Of(orders[2].Id, 1);
        await Orders.ApplyAsync(
            [
                new OrderCommand.OpenPayment(orders[2].Id),
                new OrderCommand.Capture(payment, $"{orders[2].Id}", orders[2].Amount),
                new OrderCommand.Cancel(orders[4].Id), new OrderCommand.OpenPayment(orders[5].Id),
            ],
            Samples.Noon,
            Cancel);

        OrderId[] ending =
        [
            .. orders.Select(order => order.Id), foreign.Id, orders[0].Id, orders[1].Id, orders[8].Id,
            new(sale.Id, foreign.Id.Key),
        ];
        var answers = await Orders.ApplyAsync(
            [.. ending.Select(id => new OrderCommand.Expire(id))], orders[0].ExpiresAt, Cancel);

        const CommandOutcome Done = CommandOutcome.Done, Refused = CommandOutcome.Refused;
        Assert.Equal(
            [
                Done, Done, Refused, Done, Refused, Done, Done, Refused, Done, Done, CommandOutcome.Stands,
                CommandOutcome.Stands, CommandOutcome.Stands, CommandOutcome.Unknown,
            ],
            answers.Select(answer => answer.Outcome));
        Assert.Equal(answers.Take(9).Select(answer => answer.Order), await FindAsync(orders));
        Assert.Equal((20, 18, 1, 1), Units(await StockAsync(sale)));
        Assert.Equal((10, 10, 0, 0), Units(await StockAsync(other)));
        Assert.Equal(
            new[] { 0, 1, 3, 5, 6, 8 }.Select(i => ((OrderId?)orders[i].Id, 2)),
            (await EventsAsync(sale)).Where(entry => entry.Kind == EventKind.OrderExpired)
                .Select(entry => (entry.Order, entry.OrderRevision)));
    }

    [Fact]
    public async Task Random_histories_end_as_the_reference_has_them()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var sale = await CreateSaleAsync($"seed-{seed}", quantity: 40, limit: 3);
            var reference = new InMemoryStore();
            await reference.CreateAsync(sale, Cancel);
            var history = new OrderHistory(sale, new Random(seed));
            foreach (var step in history.Steps(60))
            {
                var expected = await step.DoAsync(reference, Cancel);
                Assert.Equal(expected, await step.DoAsync(Store, Cancel));
            }

            var (orders, stock) = reference.Contents(sale.Id);
            Assert.Equal(Units(stock), Units(await StockAsync(sale)));
            Assert.Equal(orders, await FindAsync(orders));
            var events = await EventsAsync(sale);
            Assert.Equal(await reference.EventsAsync(sale.Id, 0, 1_000, Cancel), events);
            CheckEvents(events, orders);
        }
    }

    private async Task<OrderAnswer> ReviveAsync(OrderScene scene, CommandRow row, long admitted)
    {
        var id = scene.RevivedBy(row);
        if ((await UnsettledAsync()).SingleOrDefault(known => known.Id == id) is not { Reviving: not null } payment)
        {
            return new OrderAnswer(CommandOutcome.Unknown);
        }

        var order = scene.Orders.Single(order => order.Id.ToString() == payment.OrderId);
        if ((await FindAsync(order)) is not [{ Status: OrderStatus.Expired }])
        {
            return new OrderAnswer(CommandOutcome.Unknown);
        }

        var claim = new Claim(
            order.Id, order.Buyer, order.Quantity, Revival: new Revival(id, payment.Reviving.Value));
        await CommitAsync(Samples.Revivals(OrderScene.Sale, 1, admitted, row.At, claim));
        var revived = (await FindAsync(order))[0];
        return new OrderAnswer(CommandOutcome.Done, revived, revived.Payment);
    }

    private async Task<IReadOnlyList<Payment>> UnsettledAsync() =>
        [.. (await Orders.UnsettledAsync(0, 1_000, Cancel)).Select(entry => entry.Payment)];

    /// <summary>Reads the feed as a shop does, a few at a time.</summary>
    private async Task<IReadOnlyList<SaleEvent>> EventsAsync(Sale sale)
    {
        var all = new List<SaleEvent>();
        while (await Orders.EventsAsync(sale.Id, all.Count, 7, Cancel) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        return all;
    }

    /// <summary>
    /// No gap, in the sale's transitions and in each order's revisions; each order's last transition is the state it is
    /// in; and nothing goes back that was not captured before.
    /// </summary>
    private static void CheckEvents(IReadOnlyList<SaleEvent> events, IReadOnlyList<Order> orders)
    {
        Assert.Equal(Enumerable.Range(1, events.Count).Select(no => (long)no), events.Select(entry => entry.No));
        foreach (var order in orders)
        {
            var own = events.Where(entry => entry.Order == order.Id && entry.Kind < EventKind.PaymentCreated).ToList();
            Assert.Equal(Enumerable.Range(1, order.Revision), own.Select(entry => entry.OrderRevision));
            Assert.Equal(order.Turn, own.Count(entry => entry.Kind == EventKind.OrderReviving));
            Assert.Equal(EventKinds.Of(null, order), own.Last(entry => entry.Kind != EventKind.OrderReviving).Kind);
        }

        foreach (var due in events.Where(entry => entry.Kind == EventKind.PaymentRefundDue))
        {
            Assert.Contains(events, entry =>
                entry.Kind == EventKind.PaymentCaptured && entry.Payment == due.Payment && entry.No < due.No);
        }
    }
}
