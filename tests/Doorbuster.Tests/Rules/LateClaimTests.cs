using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>A claim of late money that comes when its payment asks for nothing any more changes nothing.</summary>
public sealed class LateClaimTests
{
    private static readonly Sale Sale = Samples.Sale();
    private static readonly Order Reserved = Samples.Order(Sale, "anna");
    private static readonly Order Expired = Reserved with { Status = OrderStatus.Expired, Revision = 2, Turn = 2 };

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(3)]
    public void Units_taken_for_a_turn_that_is_not_asked_for_go_back(int? asked)
    {
        var verdict = Judge(Expired, Captured(asked), turn: 2);

        Assert.Equal((Expired, null, true), (verdict.After, verdict.Payment, verdict.GivesBack));
    }

    /// <summary>
    /// I2, F20: the gate of a later epoch may hold units for the same order under a lower turn, for which another
    /// payment asks; they were taken for that one.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void I2_a_later_gate_is_not_told_to_free_what_an_earlier_one_took(int? asked)
    {
        var entry = Entry(Expired, turn: 2);
        var (old, own) = (Rule(Expired, Captured(asked), epoch: 2), Rule(Expired, Captured(asked), epoch: 1));

        var givenUp = Assert.Single(old.GiveUp(entry));

        Assert.Equal((false, false), (givenUp.GivesBack, Assert.Single(old.Judge(entry)).GivesBack));
        Assert.Equal(asked is null ? null : PaymentState.RefundDue, givenUp.Payment?.State);
        Assert.True(Assert.Single(own.GiveUp(entry)).GivesBack);
    }

    /// <summary>I2, F20: the letter holds units of a later gate, and says what becomes of the claim.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void I2_an_old_copy_leaves_a_letter_of_a_later_gate(long epoch, bool isLeft)
    {
        var entry = Entry(Expired, turn: 2);
        var rule = Rule(Expired, Captured(asked: null), epoch: 2, (DeadLetterId.Of(entry.Claims[0]), epoch));

        Assert.Equal(isLeft, Assert.Single(rule.Judge(entry)).IsUndecided);
    }

    [Fact]
    public void An_order_that_holds_units_keeps_them()
    {
        var verdict = Judge(Reserved, Captured(2), turn: 2);

        Assert.Equal((Reserved, null, false), (verdict.After, verdict.Payment, verdict.GivesBack));
    }

    [Fact]
    public void What_is_asked_for_is_given()
    {
        var verdict = Judge(Expired, Captured(2), turn: 2);

        Assert.Equal((OrderStatus.Paid, false), (verdict.After!.Status, verdict.GivesBack));
        Assert.Equal((PaymentState.Captured, null), (verdict.Payment!.State, verdict.Payment.Reviving));
    }

    private static Payment Captured(int? asked) =>
        new(PaymentId.Of(Reserved.Id, 1), $"{Reserved.Id}", Reserved.Amount, PaymentState.Captured, Samples.Noon)
        {
            CapturedAt = Samples.Noon,
            Reviving = asked,
        };

    private static Verdict Judge(Order order, Payment payment, int turn) =>
        Assert.Single(Rule(order, payment, epoch: 1).Judge(Entry(order, turn)));

    private static FulfilmentRule Rule(
        Order order, Payment payment, long epoch, params (DeadLetterId Id, long Epoch)[] buried) => new(
        new FulfilmentFacts(epoch, Sale.Revision, Available: 5, Sale.PerBuyerLimit, Sale.Price, Sale.PaymentWindow),
        new Dictionary<OrderKey, Order> { [order.Id.Key] = order },
        new Dictionary<PaymentId, Payment> { [payment.Id] = payment }, new Holdings(), Samples.Noon)
        {
            Buried = buried.ToDictionary(letter => letter.Id, letter => letter.Epoch),
        };

    private static AdmittedBatch Entry(Order order, int turn)
    {
        var revival = new Revival(PaymentId.Of(order.Id, 1), turn);
        return new AdmittedBatch(
            Sale.Id, "1-1", 1, Sale.Revision, Samples.Noon,
            [new Claim(order.Id, order.Buyer, order.Quantity, Revival: revival)]);
    }
}
