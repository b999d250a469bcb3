using System.Diagnostics.Metrics;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Telemetry;

/// <summary>Counts what becomes of orders and of their money, and how late reservations end.</summary>
internal sealed class OrderInstruments
{
    public const string Entered = "doorbuster.orders";
    public const string PaymentsEntered = "doorbuster.payments";
    public const string RefundsDue = "doorbuster.refunds";

    private readonly Counter<long> _orders;
    private readonly Counter<long> _payments;
    private readonly Counter<long> _refunds;
    private readonly Histogram<double> _expiryLag;
    private volatile OrderQueue? _queue;

    public OrderInstruments(Meter meter)
    {
        _orders = meter.CreateCounter<long>(
            Entered, "{order}", "Orders that came into a state; late money brings an expired one to paid.");
        _payments = meter.CreateCounter<long>(PaymentsEntered, "{payment}", "Payments that came into a state.");
        _refunds = meter.CreateCounter<long>(RefundsDue, "{payment}", "Payments that must go back, by the reason why.");
        _expiryLag = meter.CreateHistogram(
            "doorbuster.expiry.lag", "s",
            "How long after the end of its payment window an order's units could be bought again.", tags: null,
            Buckets.OfLag);
        meter.CreateObservableGauge(
            "doorbuster.order_queue.depth", () => Gauge.Of(_queue, queue => queue.Depth), "{command}",
            "Changes of orders and payments that wait to be written now.");
    }

    private bool IsHeard => _orders.Enabled || _payments.Enabled || _refunds.Enabled || _expiryLag.Enabled;

    public void Observe(OrderQueue queue) => _queue = queue;

    /// <summary>Admitted claims of one sale are on disk.</summary>
    public void Count(Admissions admissions)
    {
        Enter(OrderStatus.Reserved, admissions.Orders.Count);
        Enter(OrderStatus.Paid, admissions.Revivals.Count);
    }

    /// <summary>Commands are on disk, and what they freed is back at the gate.</summary>
    public void Count(IReadOnlyList<OrderCommand> commands, IReadOnlyList<OrderAnswer> answers, DateTimeOffset now)
    {
        if (!IsHeard)
        {
            return;
        }

        for (var i = 0; i < commands.Count; i++)
        {
            if (answers[i].Outcome == CommandOutcome.Done)
            {
                Count(commands[i], answers[i], now);
            }
        }
    }

    private void Count(OrderCommand command, OrderAnswer answer, DateTimeOffset now)
    {
        if (Transitions.OfOrder(command, answer) is { } status)
        {
            Enter(status, 1);
        }

        foreach (var state in Transitions.OfPayment(command, answer))
        {
            _payments.Add(1, Tag.PaymentState.With(TagValue.Of(state)));
            if (state == PaymentState.RefundDue)
            {
                _refunds.Add(1, Tag.RefundReason.With(TagValue.Of(answer.Payment!.RefundReason!.Value)));
            }
        }

        if (command is OrderCommand.Expire)
        {
            _expiryLag.Record((now - answer.Order!.ExpiresAt).TotalSeconds);
        }
    }

    private void Enter(OrderStatus status, int orders)
    {
        if (orders > 0 && _orders.Enabled)
        {
            _orders.Add(orders, Tag.OrderStatus.With(TagValue.Of(status)));
        }
    }
}
