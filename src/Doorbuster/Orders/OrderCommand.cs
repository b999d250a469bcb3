using Doorbuster.Payments;

namespace Doorbuster.Orders;

/// <summary>
/// What someone wants of an order or its payment. Every command may be given again: done once, it is done.
/// </summary>
public abstract record OrderCommand
{
    private OrderCommand()
    {
    }

    /// <summary>A command that names an order; it is about the payment too that the order shows.</summary>
    /// <param name="Order">The order.</param>
    public abstract record OfOrder(OrderId Order) : OrderCommand;

    /// <summary>A command that names a payment; <see cref="OrderRule"/> says whose it is.</summary>
    /// <param name="Payment">The payment.</param>
    public abstract record OfPayment(PaymentId Payment) : OrderCommand;

    /// <summary>The buyer gives the order up.</summary>
    /// <param name="Order">The order.</param>
    public sealed record Cancel(OrderId Order) : OfOrder(Order);

    /// <summary>The payment window is over.</summary>
    /// <param name="Order">The order.</param>
    public sealed record Expire(OrderId Order) : OfOrder(Order);

    /// <summary>The buyer wants to pay: opens a payment, or finds the open one.</summary>
    /// <param name="Order">The order.</param>
    public sealed record OpenPayment(OrderId Order) : OfOrder(Order)
    {
        /// <summary>
        /// Payments that the order may have; a buyer whose attempts fail so often is sent away. Money that is reported
        /// under other names is recorded all the same.
        /// </summary>
        public int MostPayments { get; init; } = new Limits().PaymentsPerOrder;
    }

    /// <summary>The provider has said where a payment is paid.</summary>
    /// <param name="Payment">The payment.</param>
    /// <param name="CheckoutUrl">Where its buyer pays.</param>
    public sealed record NoteCheckout(PaymentId Payment, Uri CheckoutUrl) : OfPayment(Payment);

    /// <summary>The provider has taken money.</summary>
    /// <param name="Payment">The payment, which need not be known.</param>
    /// <param name="OrderId">The order, as the provider names it; it need not exist.</param>
    /// <param name="Amount">What was taken.</param>
    public sealed record Capture(PaymentId Payment, string OrderId, Money Amount) : OfPayment(Payment)
    {
        /// <summary>
        /// The order. Letters of an order id mean the same in either case, here as in a buyer's call: what can be read
        /// as one is written as we write it, so that one order has one name everywhere behind this.
        /// </summary>
        public string OrderId { get; } =
            Doorbuster.OrderId.TryParse(OrderId, out var order) ? order.ToString() : OrderId;
    }

    /// <summary>The provider says that an attempt to pay has failed.</summary>
    /// <param name="Payment">The payment.</param>
    public sealed record Fail(PaymentId Payment) : OfPayment(Payment);

    /// <summary>The gate had no units for late money.</summary>
    /// <param name="Payment">The payment that asked.</param>
    /// <param name="Reason">What was missing.</param>
    public sealed record RefuseRevival(PaymentId Payment, RefundReason Reason) : OfPayment(Payment);

    /// <summary>
    /// Late money asks for units under a new turn: the gate has given those of a later turn, and had them back, so that
    /// it takes this one's claim for one that came before.
    /// </summary>
    /// <param name="Payment">The payment that asks.</param>
    /// <param name="Turn">The turn under which it asked.</param>
    public sealed record AskAgain(PaymentId Payment, int Turn) : OfPayment(Payment);

    /// <summary>The provider has given the money back.</summary>
    /// <param name="Payment">The payment.</param>
    public sealed record NoteRefund(PaymentId Payment) : OfPayment(Payment);
}
