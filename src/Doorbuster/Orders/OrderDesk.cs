using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>Where buyers and payment providers come in with what they want of an order that exists.</summary>
/// <param name="queue">Writes it.</param>
/// <param name="provider">Takes the money; null where the shop has none.</param>
/// <param name="limits">How many payments an order may have; the usual number where null.</param>
public sealed class OrderDesk(OrderQueue queue, IPaymentProvider? provider, Limits? limits = null)
{
    private readonly int _mostPayments = (limits ?? new Limits()).PaymentsPerOrder;

    /// <summary>
    /// Does a command once, however often it is given. Done and standing mean the same to the one who asks.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: the same command again tells.</exception>
    public Task<OrderAnswer> DoAsync(OrderCommand command, CancellationToken cancellationToken) =>
        queue.DoAsync(command).WaitAsync(cancellationToken);

    /// <summary>
    /// Opens a payment of an order, or finds the open one, with the address where it is paid. The payment is on disk
    /// before the provider hears of it, so a retry asks the provider under the same payment id.
    /// </summary>
    /// <returns>The answer with the payment; <see cref="CommandOutcome.Stands"/> where it was open already.</returns>
    /// <exception cref="StoreUnavailableException">Nothing was changed: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It may be open or not: asking again tells.</exception>
    /// <exception cref="PaymentProviderException">It is open, and its address not known: ask again.</exception>
    public async Task<OrderAnswer> PayAsync(OrderId order, CancellationToken cancellationToken)
    {
        if (provider is null)
        {
            throw new PaymentProviderException("This shop has no payment provider.");
        }

        var opened = await DoAsync(
            new OrderCommand.OpenPayment(order) { MostPayments = _mostPayments }, cancellationToken);
        if (opened.Outcome is CommandOutcome.Unknown or CommandOutcome.Refused
            || opened.Payment is not { CheckoutUrl: null } payment)
        {
            return opened;
        }

        var checkout = await provider.CheckoutAsync(opened.Order!, payment, cancellationToken);
        var noted = await DoAsync(new OrderCommand.NoteCheckout(payment.Id, checkout), cancellationToken);
        return noted with { Outcome = opened.Outcome, Payment = noted.Payment ?? payment };
    }
}
