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
        var of = command as OrderCommand.OfPayment;
        var payment = of is null ? null : _payments.GetValueOrDefault(of.Payment);
        var order = of is null ? ((OrderCommand.OfOrder)command).Order : OrderRule.OrderOf(of, payment);
        return Keep(OrderRule.Decide(command, Find(order), payment, _payments.ContainsKey, now));
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
}
