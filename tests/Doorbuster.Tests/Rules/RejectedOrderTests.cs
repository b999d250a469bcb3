using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>A rejected order never held units: nothing is made of it, and money that comes for it goes back.</summary>
public sealed class RejectedOrderTests
{
    private static readonly Order Rejected = Samples.Order(Samples.Sale(), "anna") with
    {
        Status = OrderStatus.Rejected,
        Rejection = RejectionReason.AdmissionLost,
    };

    public static TheoryData<OrderCommand> Wishes =>
    [
        new OrderCommand.Cancel(Rejected.Id), new OrderCommand.Expire(Rejected.Id),
        new OrderCommand.OpenPayment(Rejected.Id),
    ];

    [Theory]
    [MemberData(nameof(Wishes))]
    public void Nothing_that_is_wanted_of_it_is_done(OrderCommand wish)
    {
        var answer = OrderRule.Decide(wish, Rejected, null, _ => false, Rejected.ExpiresAt);

        Assert.Equal((CommandOutcome.Refused, Rejected), (answer.Outcome, answer.Order));
    }

    [Fact]
    public void Money_that_comes_for_it_goes_back()
    {
        var capture = new OrderCommand.Capture(PaymentId.Of(Rejected.Id, 1), $"{Rejected.Id}", Rejected.Amount);

        var answer = OrderRule.Decide(capture, Rejected, null, _ => false, Samples.Noon);

        Assert.Equal(CommandOutcome.Done, answer.Outcome);
        Assert.Equal(
            (PaymentState.RefundDue, RefundReason.OrderRejected),
            (answer.Payment!.State, answer.Payment.RefundReason));
        Assert.Equal((OrderStatus.Rejected, 0), (answer.Order!.Status, answer.Order.Held));
    }

    [Fact]
    public void Its_reason_is_kept_apart_from_having_none()
    {
        Assert.Equal(RejectionReason.AdmissionLost, Rejected.Rejection);
        Assert.Null((Rejected with { Rejection = null }).Rejection);
        Assert.NotEqual(Rejected, Rejected with { Rejection = RejectionReason.Failed });
    }
}
