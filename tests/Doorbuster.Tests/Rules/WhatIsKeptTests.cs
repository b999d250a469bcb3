using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>
/// What the tables do not look at: a rule leaves alone what it does not decide, and takes nothing for given.
/// </summary>
public sealed class WhatIsKeptTests
{
    private static readonly Sale Sale = Samples.Sale();
    private static readonly Order Reserved = Samples.Order(Sale, "anna");

    [Theory]
    [InlineData(-1, 1, 1, false)]
    [InlineData(1, -1, 1, false)]
    [InlineData(1, 1, -1, false)]
    [InlineData(0, 0, 1, true)]
    [InlineData(1, 1, 1, false)]
    public void The_law_holds_where_all_add_up_and_none_is_below_zero(
        long available, long reserved, long sold, bool holds) =>
        Assert.Equal(holds, new Stock(Quantity: 1, available, reserved, sold, Version: 1).LawHolds);

    [Fact]
    public void A_sale_without_a_gate_is_unknown_whatever_the_outcomes_were_before()
    {
        Claim[] claims = [Samples.Claim(Sale, "anna"), Samples.Claim(Sale, "bert")];
        Outcome[] outcomes = [Outcome.Admitted, Outcome.Replayed];

        Assert.Equal(0, Decision.Decide(null, Judge.Gate(Samples.Noon), claims, new Holdings(), outcomes));

        Assert.Equal([Outcome.SaleUnknown, Outcome.SaleUnknown], outcomes);
    }

    [Fact]
    public void Money_that_was_asked_for_keeps_the_payment_it_was_asked_by()
    {
        var checkout = new Uri("https://pay.example/1");
        var opened = new Payment(
            PaymentId.Of(Reserved.Id, 1), $"{Reserved.Id}", Reserved.Amount, PaymentState.Created, Samples.Noon)
        {
            CheckoutUrl = checkout,
        };
        var later = Samples.Noon.AddMinutes(1);

        var answer = OrderRule.Decide(
            new OrderCommand.Capture(opened.Id, opened.OrderId, opened.Amount), Reserved, opened, _ => false, later);

        Assert.Equal(OrderStatus.Paid, answer.Order!.Status);
        Assert.Equal(
            opened with { State = PaymentState.Captured, CapturedAt = later }, answer.Payment);
    }

    [Fact]
    public void A_payment_is_numbered_after_the_orders_own_last_one()
    {
        var another = Samples.Order(Sale, "bert");
        var foreign = new Payment(
            PaymentId.Of(another.Id, 7), $"{Reserved.Id}", Reserved.Amount, PaymentState.Failed, Samples.Noon);
        var own = foreign with { Id = PaymentId.Of(Reserved.Id, 7) };

        Assert.Equal(PaymentId.Of(Reserved.Id, 1), Open(foreign));
        Assert.Equal(PaymentId.Of(Reserved.Id, 8), Open(own));

        static PaymentId Open(Payment latest) => OrderRule.Decide(
            new OrderCommand.OpenPayment(Reserved.Id), Reserved with { Payment = latest }, null, _ => false,
            Samples.Noon).Payment!.Id;
    }
}
