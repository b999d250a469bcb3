using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>Where buyers and payment providers come in with what they want of an order that exists.</summary>
/// <param name="queue">Writes it.</param>
/// <param name="provider">Takes the money; null where the shop has none.</param>
/// <param name="clock">The time in which the provider has to answer.</param>
/// <param name="limits">How many payments an order may have; the usual number where null.</param>
/// <param name="find">
/// Finds an order that the store does not know, for it may be queued; null where nothing is.
/// </param>
public sealed class OrderDesk(
    OrderQueue queue, IPaymentProvider? provider, TimeProvider clock, Limits? limits = null,
    Func<OrderId, BuyerId?, CancellationToken, ValueTask<Order?>>? find = null)
{
    private readonly int _mostPayments = (limits ?? new Limits()).PaymentsPerOrder;

    /// <summary>
    /// Does a command once, however often it is given. Done and standing mean the same to the one who asks.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: the same command again tells.</exception>
    public Task<OrderAnswer> DoAsync(OrderCommand command, CancellationToken cancellationToken) =>
        queue.DoAsync(command).WaitAsync(cancellationToken);

    /// <summary>Gives an order up for its buyer. One that is queued is refused, with the order as it is.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It may be done or not: the same again tells.</exception>
    public Task<OrderAnswer> CancelAsync(OrderId order, BuyerId buyer, CancellationToken cancellationToken) => AskAsync(
        order, buyer, () => DoAsync(new OrderCommand.Cancel(order), cancellationToken), cancellationToken);

    /// <summary>
    /// Opens a payment for an order's buyer, as <see cref="PayAsync(OrderId, CancellationToken)"/> does. An order that
    /// is queued is refused, with the order as it is.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed: try again later.</exception>
    /// <exception cref="OutcomeUnknownException">It may be open or not: asking again tells.</exception>
    /// <exception cref="PaymentProviderException">It is open, and its address not known: ask again.</exception>
    public Task<OrderAnswer> PayAsync(OrderId order, BuyerId buyer, CancellationToken cancellationToken) =>
        AskAsync(order, buyer, () => PayAsync(order, cancellationToken), cancellationToken);

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

        while (true)
        {
            var opened = await DoAsync(
                new OrderCommand.OpenPayment(order) { MostPayments = _mostPayments }, cancellationToken);
            if (opened.Outcome is CommandOutcome.Unknown or CommandOutcome.Refused
                || opened.Payment is not { CheckoutUrl: null } payment)
            {
                return opened;
            }

            var checkout = await ProviderCall.AskAsync(
                end => provider.CheckoutAsync(opened.Order!, payment, end), clock, cancellationToken);
            var noted = await DoAsync(new OrderCommand.NoteCheckout(payment.Id, checkout), cancellationToken);
            if (noted is { Outcome: not CommandOutcome.Refused, Payment: not null })
            {
                return noted with { Outcome = opened.Outcome };
            }

            // Its money was reported before its address was: captured, and the order allows no other; or failed, and
            // the next is opened, as often as an order may have one.
        }
    }

    /// <summary>
    /// Asks, and once more where the order came to stand after the store had been asked: its buyer must not be refused
    /// because of a state that would allow it (I4).
    /// </summary>
    private async Task<OrderAnswer> AskAsync(
        OrderId order, BuyerId buyer, Func<Task<OrderAnswer>> ask, CancellationToken cancellationToken)
    {
        var answer = await ask();
        return answer.Outcome != CommandOutcome.Unknown || find is null
            || await find(order, buyer, cancellationToken) is not { } found ? answer
            : found.Status == OrderStatus.Queued ? new OrderAnswer(CommandOutcome.Refused, found)
            : await ask();
    }
}
