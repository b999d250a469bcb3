using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>Keeps what the rule of orders decides, as a store would, so that the next command meets it.</summary>
internal sealed class OrderBook
{
    private readonly Dictionary<OrderId, Order> _orders;
    private readonly Dictionary<PaymentId, Payment> _payments = [];

    public OrderBook(IEnumerable<Order> orders) => _orders = orders.ToDictionary(order => order.Id);

    public IEnumerable<Order> Orders => _orders.Keys.Select(id => Find(id)!);

    public IReadOnlyCollection<Payment> Payments => _payments.Values;

    /// <summary>Decides a command and keeps what it changed.</summary>
    public OrderAnswer Do(OrderCommand command, DateTimeOffset now)
    {
        var payment = NamedBy(command) is { } id ? _payments.GetValueOrDefault(id) : null;
        return Keep(OrderRule.Decide(command, Find(OrderOf(command, payment)), payment, _payments.ContainsKey, now));
    }

    /// <summary>The gate has units for late money.</summary>
    public OrderAnswer Revive(PaymentId id, DateTimeOffset now)
    {
        var payment = _payments[id];
        Assert.True(OrderId.TryParse(payment.OrderId, out var order));
        return Keep(OrderRule.Revive(Find(order)!, payment, now));
    }

    private OrderAnswer Keep(OrderAnswer answer)
    {
        if (answer.Outcome == CommandOutcome.Done)
        {
            if (answer.Payment is { } payment)
            {
                _payments[payment.Id] = payment;
            }

            if (answer.Order is { } order)
            {
                _orders[order.Id] = order;
            }
        }

        return answer;
    }

    /// <summary>An order with its payment as that is now.</summary>
    private Order? Find(OrderId? id) =>
        id is { } known && _orders.TryGetValue(known, out var order)
            ? order with { Payment = order.Payment is { } payment ? _payments[payment.Id] : null }
            : null;

    private static PaymentId? NamedBy(OrderCommand command) => command switch
    {
        OrderCommand.NoteCheckout note => note.Payment,
        OrderCommand.Capture capture => capture.Payment,
        OrderCommand.Fail fail => fail.Payment,
        OrderCommand.RefuseRevival refusal => refusal.Payment,
        OrderCommand.NoteRefund refund => refund.Payment,
        _ => null,
    };

    private static OrderId? OrderOf(OrderCommand command, Payment? payment) => command switch
    {
        OrderCommand.Cancel cancel => cancel.Order,
        OrderCommand.Expire expire => expire.Order,
        OrderCommand.OpenPayment open => open.Order,
        OrderCommand.Capture capture => OrderRule.OrderOf(capture, payment),
        _ => payment is null ? null : OrderRule.OrderOf(payment.Id, payment.OrderId),
    };
}
