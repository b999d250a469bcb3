using Doorbuster.Conformance;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>Every transition that there is has its event, and no event is without a transition.</summary>
public sealed class EventKindTests
{
    private static readonly Order Order = Samples.Order(Samples.Sale(), "anna");

    private static readonly Payment Payment = new(
        PaymentId.Of(Order.Id, 1), $"{Order.Id}", Order.Amount, PaymentState.Created, Samples.Noon);

    private static readonly SaleChange[] Changes =
    [
        new SaleChange.Pause(), new SaleChange.Resume(), new SaleChange.Close(), new SaleChange.Lapse(),
        new SaleChange.Replenish(1, "r"),
        new SaleChange.Edit(Samples.Sale(), 1),
    ];

    public static TheoryData<OrderStatus, EventKind> OrderEvents => new()
    {
        { OrderStatus.Reserved, EventKind.OrderReserved },
        { OrderStatus.Paid, EventKind.OrderPaid },
        { OrderStatus.Cancelled, EventKind.OrderCancelled },
        { OrderStatus.Expired, EventKind.OrderExpired },
        { OrderStatus.Rejected, EventKind.OrderRejected },
    };

    [Theory]
    [MemberData(nameof(OrderEvents))]
    public void An_order_that_reaches_a_state_has_that_event(OrderStatus status, EventKind kind)
    {
        var after = Order with { Status = status };
        foreach (var before in Enum.GetValues<OrderStatus>().Where(before => before != status))
        {
            Assert.Equal(kind, EventKinds.Of(Order with { Status = before }, after));
        }

        Assert.Equal(kind, EventKinds.Of(null, after));
        Assert.Null(EventKinds.Of(after, after with { Revision = 9 }));
        Assert.Null(EventKinds.Of(after, null));
    }

    [Fact]
    public void An_order_whose_turn_grows_has_an_event_of_its_own()
    {
        var expired = Order with { Status = OrderStatus.Expired };

        Assert.Equal(EventKind.OrderReviving, EventKinds.Of(expired, expired with { Turn = 1 }));
        Assert.Equal(EventKind.OrderPaid, EventKinds.Of(expired, expired with { Status = OrderStatus.Paid, Turn = 1 }));
    }

    [Fact]
    public void Money_that_pays_has_the_orders_event_alone_and_late_money_has_its_own()
    {
        var captured = Payment with { State = PaymentState.Captured };

        Assert.Empty(EventKinds.Of(Payment, captured).ToArray());
        Assert.Empty(EventKinds.Of(null, captured).ToArray());
        Assert.Equal([EventKind.PaymentCaptured], EventKinds.Of(Payment, captured with { Reviving = 1 }).ToArray());
        Assert.Empty(EventKinds.Of(captured with { Reviving = 1 }, captured).ToArray());
    }

    [Fact]
    public void Money_that_goes_back_was_captured_first()
    {
        var captured = Payment with { State = PaymentState.Captured };
        var due = Payment with { State = PaymentState.RefundDue };
        EventKind[] both = [EventKind.PaymentCaptured, EventKind.PaymentRefundDue];

        Assert.Equal(both, EventKinds.Of(null, due).ToArray());
        Assert.Equal(both, EventKinds.Of(Payment, due).ToArray());
        Assert.Equal([EventKind.PaymentRefundDue], EventKinds.Of(captured with { Reviving = 1 }, due).ToArray());
    }

    [Fact]
    public void Every_state_and_every_change_is_told_and_every_event_is_used()
    {
        var told = Changes.Select(EventKinds.Of).Append(EventKinds.Of(Order, Order with { Turn = 1 })!.Value);
        var ofOrders = Enum.GetValues<OrderStatus>().Except([OrderStatus.Queued])
            .Select(status => EventKinds.Of(null, Order with { Status = status }));
        var ofPayments = Enum.GetValues<PaymentState>()
            .SelectMany(state => EventKinds.Of(null, Payment with { State = state, Reviving = 1 }).ToArray());

        var all = told.Concat(ofOrders.OfType<EventKind>()).Concat(ofPayments);

        Assert.Equal(Enum.GetValues<EventKind>(), all.Distinct().Order());
    }

    [Fact]
    public void Every_change_that_an_operator_can_make_is_among_those_looked_at() => Assert.Equal(
        typeof(SaleChange).GetNestedTypes().Select(type => type.Name).Order(),
        Changes.Select(change => change.GetType().Name).Order());
}
