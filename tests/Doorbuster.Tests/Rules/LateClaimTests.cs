using Doorbuster.Conformance;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Payments;
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

    private static Verdict Judge(Order order, Payment payment, int turn)
    {
        var facts = new FulfilmentFacts(
            Epoch: 1, Sale.Revision, Available: 5, Sale.PerBuyerLimit, Sale.Price, Sale.PaymentWindow);
        var rule = new FulfilmentRule(
            facts, new Dictionary<OrderKey, Order> { [order.Id.Key] = order },
            new Dictionary<PaymentId, Payment> { [payment.Id] = payment }, new Holdings(), Samples.Noon);
        var claim = new Claim(order.Id, order.Buyer, order.Quantity, Revival: new Revival(payment.Id, turn));
        return Assert.Single(rule.Judge(new AdmittedBatch(Sale.Id, "1-1", 1, Sale.Revision, Samples.Noon, [claim])));
    }
}
