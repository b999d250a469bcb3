using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Telemetry;

/// <summary>Which states a command that was done brought its order and its payment into.</summary>
public static class Transitions
{
    /// <summary>The state its order came into; null where it stayed in the one it had.</summary>
    public static OrderStatus? OfOrder(OrderCommand command, OrderAnswer answer) => command switch
    {
        OrderCommand.Cancel => OrderStatus.Cancelled,
        OrderCommand.Expire => OrderStatus.Expired,
        OrderCommand.Capture => answer.Payment is { State: PaymentState.Captured, Reviving: null }
            ? OrderStatus.Paid
            : null,
        OrderCommand.OpenPayment or OrderCommand.NoteCheckout or OrderCommand.Fail or OrderCommand.RefuseRevival
            or OrderCommand.AskAgain or OrderCommand.NoteRefund => null,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "No transition is written for it."),
    };

    /// <summary>
    /// The states its payment came into, one after the other: money that must go back was captured first.
    /// </summary>
    public static IReadOnlyList<PaymentState> OfPayment(OrderCommand command, OrderAnswer answer) => command switch
    {
        OrderCommand.Capture => answer.Payment is { State: PaymentState.RefundDue }
            ? [PaymentState.Captured, PaymentState.RefundDue]
            : [PaymentState.Captured],
        OrderCommand.OpenPayment => [PaymentState.Created],
        OrderCommand.Fail => [PaymentState.Failed],
        OrderCommand.RefuseRevival => [PaymentState.RefundDue],
        OrderCommand.NoteRefund => [PaymentState.Refunded],
        OrderCommand.Cancel or OrderCommand.Expire or OrderCommand.NoteCheckout or OrderCommand.AskAgain => [],
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "No transition is written for it."),
    };
}
