using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Payments;

/// <summary>A payment is opened with a provider whose word about it may come before its address does.</summary>
public sealed class CheckoutTests
{
    private static readonly Uri Address = new("https://pay.example.com/1");

    [Fact]
    public void A_payment_that_fails_before_its_address_is_known_is_followed_by_the_next() => Till.Run(async till =>
    {
        var order = await till.FindAsync("anna");
        till.Checkout = async payment =>
        {
            if (payment.Id == PaymentId.Of(order.Id, 1))
            {
                await till.Desk.DoAsync(new OrderCommand.Fail(payment.Id), CancellationToken.None);
            }

            return Address;
        };

        var answer = await till.Desk.PayAsync(order.Id, CancellationToken.None);

        Assert.Equal(CommandOutcome.Done, answer.Outcome);
        Assert.Equal((PaymentId.Of(order.Id, 2), Address), (answer.Payment!.Id, answer.Payment.CheckoutUrl));
    });

    [Fact]
    public void An_order_that_was_paid_before_the_address_is_known_is_not_payable() => Till.Run(async till =>
    {
        var order = await till.FindAsync("anna");
        till.Checkout = async _ =>
        {
            await till.TakeAsync("anna");
            return Address;
        };

        var answer = await till.Desk.PayAsync(order.Id, CancellationToken.None);

        Assert.Equal((CommandOutcome.Refused, OrderStatus.Paid), (answer.Outcome, answer.Order!.Status));
    });

    [Fact]
    public void A_provider_that_hangs_or_throws_is_one_that_did_not_answer() => Till.Run(async till =>
    {
        var order = await till.FindAsync("anna");
        till.Checkout = _ => throw new FormatException("A fault of its own.");
        await Assert.ThrowsAsync<PaymentProviderException>(
            () => till.Desk.PayAsync(order.Id, CancellationToken.None));

        till.Checkout = _ => new TaskCompletionSource<Uri>().Task;
        await Assert.ThrowsAsync<PaymentProviderException>(
            () => till.Desk.PayAsync(order.Id, CancellationToken.None));

        till.Checkout = _ => Task.FromResult(Address);
        var answer = await till.Desk.PayAsync(order.Id, CancellationToken.None);
        Assert.Equal((PaymentId.Of(order.Id, 1), Address), (answer.Payment!.Id, answer.Payment.CheckoutUrl));
    });
}
