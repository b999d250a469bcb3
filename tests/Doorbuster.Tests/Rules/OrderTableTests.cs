using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>The rules as tables: what becomes of orders and of money, by the one function that decides.</summary>
public sealed class OrderTableTests
{
    private static readonly DateTimeOffset AtOne = TableTerms.Time("13:00");

    public static TheoryData<string, string> All => [.. OrderTables.All, .. PaymentTables.All];

    [Theory]
    [MemberData(nameof(All))]
    public void The_rules_tell_what_the_table_says(string scenario, string text) =>
        Play(scenario, text, (_, _, _, _) => { });

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_asked_again_is_done_already(string scenario, string text) =>
        Play(scenario, text, (ask, row, book, answer) =>
        {
            var before = (book.Orders.ToList(), book.Payments.ToList());

            var again = ask();

            Assert.True(again.Outcome != CommandOutcome.Done, $"{scenario}, twice: {row}");
            Assert.Equal(before.Item1, book.Orders);
            Assert.Equal(before.Item2, book.Payments);
            if (answer.Outcome != CommandOutcome.Done)
            {
                Assert.Equal(answer, again);
            }
        });

    [Theory]
    [MemberData(nameof(All))]
    public void Captured_money_pays_one_order_or_asks_for_one_or_goes_back(string scenario, string text) =>
        Play(scenario, text, (_, row, book, _) =>
        {
            var paying = book.Payments.Where(payment => payment is { State: PaymentState.Captured, Reviving: null });
            var paid = book.Orders.Where(order => order.Status == OrderStatus.Paid);

            Assert.True(
                paying.OrderBy(payment => $"{payment.Id}").SequenceEqual(
                    paid.Select(order => order.Payment!).OrderBy(payment => $"{payment.Id}")),
                $"{scenario}, after: {row}");
            Assert.All(paid, order => Assert.Equal(order.Amount, order.Payment!.Amount));
        });

    [Fact]
    public void Every_state_and_every_reason_is_in_some_table()
    {
        var states = new HashSet<PaymentState>();
        var statuses = new HashSet<OrderStatus>();
        var reasons = new HashSet<RefundReason>();
        var outcomes = new HashSet<CommandOutcome>();
        foreach (var row in All)
        {
            Play(row.Data.Item1, row.Data.Item2, (_, _, book, answer) =>
            {
                states.UnionWith(book.Payments.Select(payment => payment.State));
                statuses.UnionWith(book.Orders.Select(order => order.Status));
                reasons.UnionWith(book.Payments.Select(payment => payment.RefundReason).OfType<RefundReason>());
                outcomes.Add(answer.Outcome);
            });
        }

        Assert.Equal(Enum.GetValues<PaymentState>(), states.Order());
        // No store keeps a queued order, and no command rejects one; what then becomes of it, RejectedOrderTests has.
        Assert.Equal(
            Enum.GetValues<OrderStatus>().Except([OrderStatus.Queued, OrderStatus.Rejected]), statuses.Order());
        // A claim that could not be written is no command; EpochConformance has what becomes of its money.
        Assert.Equal(
            Enum.GetValues<RefundReason>().Except([RefundReason.OrderRejected, RefundReason.Failed]), reasons.Order());
        Assert.Equal(Enum.GetValues<CommandOutcome>(), outcomes.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void A_buyer_whose_attempts_fail_too_often_is_sent_away(int most)
    {
        var book = new OrderBook([Samples.Order(Samples.Sale(), "anna")]);
        var order = book.Orders.Single().Id;
        var wish = new OrderCommand.OpenPayment(order) { MostPayments = most };
        for (var attempt = 1; attempt <= most; attempt++)
        {
            var opened = book.Do(wish, Samples.Noon);
            Assert.Equal(PaymentId.Of(order, attempt), opened.Payment!.Id);
            book.Do(new OrderCommand.Fail(opened.Payment.Id), Samples.Noon);
        }

        Assert.Equal(CommandOutcome.Refused, book.Do(wish, Samples.Noon).Outcome);
        Assert.Equal(most, book.Payments.Count);
    }

    [Fact]
    public void The_last_payment_that_an_order_may_have_is_found_while_it_is_open()
    {
        var order = Samples.Order(Samples.Sale(), "anna");
        var last = new Payment(
            PaymentId.Of(order.Id, new Limits().PaymentsPerOrder), $"{order.Id}", order.Amount, PaymentState.Created,
            AtOne);

        var found = OrderRule.Decide(
            new OrderCommand.OpenPayment(order.Id), order with { Payment = last }, null, _ => true, Samples.Noon);

        Assert.Equal((CommandOutcome.Stands, last), (found.Outcome, found.Payment));
    }

    [Fact]
    public void A_payment_opens_for_what_the_order_costs()
    {
        var book = new OrderBook([Samples.Order(Samples.Sale(limit: 3), "anna", units: 3)]);
        var order = book.Orders.Single();

        var opened = book.Do(new OrderCommand.OpenPayment(order.Id), Samples.Noon).Payment!;

        Assert.Equal((order.Amount, Samples.Noon, null), (opened.Amount, opened.CreatedAt, opened.CapturedAt));
        Assert.Equal($"{order.Id}", opened.OrderId);
    }

    [Fact]
    public void An_order_is_paid_when_its_money_is_taken_or_its_units_are_back()
    {
        var book = new OrderBook([Samples.Order(Samples.Sale(), "anna")]);
        var order = book.Orders.Single();
        book.Do(new OrderCommand.Expire(order.Id), order.ExpiresAt);

        var late = book.Do(new OrderCommand.Capture(PaymentId.Of(order.Id, 1), $"{order.Id}", order.Amount), AtOne);
        var revived = book.Revive(PaymentId.Of(order.Id, 1), AtOne.AddMinutes(1));

        Assert.Equal((AtOne, null), (late.Payment!.CapturedAt, late.Order!.PaidAt));
        Assert.Equal((AtOne, AtOne.AddMinutes(1)), (revived.Payment!.CapturedAt, revived.Order!.PaidAt));
    }

    [Theory]
    [InlineData("anna 20 EUR until 12:10\n12:01 anna cancels | done | anna cancelled r1 | -")]
    [InlineData("anna 20 EUR until 12:10\n12:01 anna cancels | stands | anna cancelled r2 | -")]
    public void A_table_that_is_wrong_is_seen(string text) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => The_rules_tell_what_the_table_says("wrong", text));

    private static void Play(
        string scenario, string text, Action<Func<OrderAnswer>, CommandRow, OrderBook, OrderAnswer> afterEach)
    {
        var table = OrderTable.Parse(text);
        var scene = new OrderScene(table);
        var book = new OrderBook(scene.Orders);
        foreach (var row in table.Rows)
        {
            OrderAnswer Ask() => scene.CommandOf(row) is { } command
                ? book.Do(command, row.At)
                : book.Revive(scene.RevivedBy(row), row.At);

            var answer = Ask();
            Assert.True(row == scene.Told(row, answer), $"{scenario}:\n{row}\nwas told\n{scene.Told(row, answer)}");
            afterEach(Ask, row, book, answer);
        }
    }
}
