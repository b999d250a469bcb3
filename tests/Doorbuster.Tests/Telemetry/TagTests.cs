using System.Text.RegularExpressions;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Telemetry;
using Xunit;

namespace Doorbuster.Tests.Telemetry;

/// <summary>Dashboards are written against these words: each is there, once, and none changes by mistake.</summary>
public sealed partial class TagTests
{
    private static readonly Order Reserved = Conformance.Samples.Order(Conformance.Samples.Sale(), "anna");

    [Theory]
    [InlineData(Outcome.SaleUnknown, "sale_unknown")]
    [InlineData(Outcome.Replayed, "replayed")]
    [InlineData(Outcome.KeyReused, "key_reused")]
    [InlineData(Outcome.TokenExpired, "token_expired")]
    [InlineData(Outcome.StaleEpoch, "stale_epoch")]
    [InlineData(Outcome.NotOpen, "not_open")]
    [InlineData(Outcome.Paused, "paused")]
    [InlineData(Outcome.Closed, "closed")]
    [InlineData(Outcome.Busy, "busy")]
    [InlineData(Outcome.BuyerLimit, "buyer_limit")]
    [InlineData(Outcome.SoldOut, "sold_out")]
    [InlineData(Outcome.Insufficient, "insufficient")]
    [InlineData(Outcome.Admitted, "admitted")]
    [InlineData(null, "outcome_unknown")]
    public void An_outcome_is_one_word(Outcome? outcome, string word) => Assert.Equal(word, TagValue.Of(outcome));

    [Theory]
    [InlineData(OrderStatus.Reserved, "reserved")]
    [InlineData(OrderStatus.Paid, "paid")]
    [InlineData(OrderStatus.Cancelled, "cancelled")]
    [InlineData(OrderStatus.Expired, "expired")]
    [InlineData(OrderStatus.Rejected, "rejected")]
    public void A_state_of_an_order_is_one_word(OrderStatus status, string word) =>
        Assert.Equal(word, TagValue.Of(status));

    [Theory]
    [InlineData(PaymentState.Created, "created")]
    [InlineData(PaymentState.Captured, "captured")]
    [InlineData(PaymentState.RefundDue, "refund_due")]
    [InlineData(PaymentState.Refunded, "refunded")]
    [InlineData(PaymentState.Failed, "failed")]
    public void A_state_of_a_payment_is_one_word(PaymentState state, string word) =>
        Assert.Equal(word, TagValue.Of(state));

    [Theory]
    [InlineData(RefundReason.OrderUnknown, "order_unknown")]
    [InlineData(RefundReason.AmountDiffers, "amount_differs")]
    [InlineData(RefundReason.OrderCancelled, "order_cancelled")]
    [InlineData(RefundReason.AlreadyPaid, "already_paid")]
    [InlineData(RefundReason.NoUnitsLeft, "no_units_left")]
    [InlineData(RefundReason.BuyerLimit, "buyer_limit")]
    [InlineData(RefundReason.OrderRejected, "order_rejected")]
    [InlineData(RefundReason.Failed, "failed")]
    public void A_reason_to_refund_is_one_word(RefundReason reason, string word) =>
        Assert.Equal(word, TagValue.Of(reason));

    [Theory]
    [InlineData(SaleState.Scheduled, "scheduled")]
    [InlineData(SaleState.Open, "open")]
    [InlineData(SaleState.Paused, "paused")]
    [InlineData(SaleState.Closed, "closed")]
    public void A_state_of_a_sale_is_one_word(SaleState state, string word) => Assert.Equal(word, TagValue.Of(state));

    [Theory]
    [InlineData(CommitStatus.Committed, null)]
    [InlineData(CommitStatus.Failed, "not_written")]
    [InlineData(CommitStatus.Unknown, "outcome_unknown")]
    public void A_commit_has_an_error_only_where_it_failed(CommitStatus status, string? word) =>
        Assert.Equal(word, TagValue.Of(status));

    [Fact]
    public void Every_value_of_every_enumeration_has_a_word_of_its_own()
    {
        AreWords([.. Enum.GetValues<Outcome>().Select(value => TagValue.Of(value)), TagValue.Of((Outcome?)null)]);
        AreWords(Enum.GetValues<CommitKind>().Select(TagValue.Of));
        AreWords(Enum.GetValues<CommitStatus>().Select(TagValue.Of).OfType<string>());
        AreWords(Enum.GetValues<OrderStatus>().Select(TagValue.Of));
        AreWords(Enum.GetValues<PaymentState>().Select(TagValue.Of));
        AreWords(Enum.GetValues<RefundReason>().Select(TagValue.Of));
        AreWords(Enum.GetValues<SaleState>().Select(TagValue.Of));
    }

    [Fact]
    public void What_is_no_value_has_no_word()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TagValue.Of((Outcome)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => TagValue.Of((CommitKind)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => TagValue.Of((OrderStatus)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => TagValue.Of((PaymentState)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => TagValue.Of((RefundReason)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => TagValue.Of((SaleState)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => TagValue.Of((CommitStatus)99));
    }

    [Fact]
    public void Every_command_has_its_transitions()
    {
        var payment = new Payment(
            PaymentId.Of(Reserved.Id, 1), $"{Reserved.Id}", Reserved.Amount, PaymentState.Captured, default);
        OrderCommand[] commands =
        [
            new OrderCommand.Cancel(Reserved.Id), new OrderCommand.Expire(Reserved.Id),
            new OrderCommand.OpenPayment(Reserved.Id), new OrderCommand.NoteCheckout(payment.Id, new Uri("http://a")),
            new OrderCommand.Capture(payment.Id, payment.OrderId, payment.Amount), new OrderCommand.Fail(payment.Id),
            new OrderCommand.RefuseRevival(payment.Id, RefundReason.NoUnitsLeft),
            new OrderCommand.NoteRefund(payment.Id), new OrderCommand.AskAgain(payment.Id, 1),
        ];

        Assert.Equal(
            typeof(OrderCommand).GetNestedTypes().Where(type => !type.IsAbstract).Select(type => type.Name).Order(),
            commands.Select(command => command.GetType().Name).Order());
        var answer = new OrderAnswer(CommandOutcome.Done, Reserved, payment);
        Assert.Equal(
            [
                "AskAgain: , ", "Cancel: Cancelled, ", "Capture: Paid, Captured", "Expire: Expired, ", "Fail: , Failed",
                "NoteCheckout: , ", "NoteRefund: , Refunded", "OpenPayment: , Created", "RefuseRevival: , RefundDue",
            ],
            commands.Select(command => Tell(command, answer)).Order(StringComparer.Ordinal));
        Assert.Equal("Capture: , Captured", Tell(commands[4], answer with { Payment = payment with { Reviving = 1 } }));
        Assert.Equal(
            "Capture: , Captured RefundDue",
            Tell(commands[4], answer with { Payment = payment with { State = PaymentState.RefundDue } }));
    }

    private static string Tell(OrderCommand command, OrderAnswer answer) =>
        $"{command.GetType().Name}: {Transitions.OfOrder(command, answer)}, "
        + string.Join(' ', Transitions.OfPayment(command, answer));

    private static void AreWords(IEnumerable<string> words)
    {
        var all = words.ToList();
        Assert.All(all, word => Assert.Matches(Word(), word));
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex Word();
}
