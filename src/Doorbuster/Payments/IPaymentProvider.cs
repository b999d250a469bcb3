namespace Doorbuster.Payments;

/// <summary>Who takes the money. Both calls carry the payment's id as their idempotency key, and come again.</summary>
public interface IPaymentProvider
{
    /// <summary>Opens a payment with the provider.</summary>
    /// <param name="order">What is paid.</param>
    /// <param name="payment">The payment, still without an address.</param>
    /// <param name="cancellationToken">Gives up waiting; the call may still have been made.</param>
    /// <returns>Where the buyer pays; the same for the same payment.</returns>
    /// <exception cref="PaymentProviderException">The provider did not answer, or refused; try again later.</exception>
    ValueTask<Uri> CheckoutAsync(Order order, Payment payment, CancellationToken cancellationToken);

    /// <summary>Gives the whole captured amount back, once for one payment id however often it is asked.</summary>
    /// <exception cref="PaymentProviderException">The provider did not answer, or refused; try again later.</exception>
    ValueTask<RefundReceipt> RefundAsync(Payment payment, CancellationToken cancellationToken);
}

/// <summary>How far a refund is.</summary>
public enum RefundReceipt
{
    /// <summary>Taken on; a <c>payment.refunded</c> event will tell when it is done.</summary>
    Accepted,

    /// <summary>Done.</summary>
    Refunded,
}
