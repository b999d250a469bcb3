using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Conformance;

/// <summary>What becomes of orders and payments in the reference store.</summary>
public sealed partial class InMemoryStore
{
    /// <summary>In the order in which they were first heard of.</summary>
    private readonly List<Payment> _payments = [];

    /// <summary>Every payment, in the order in which they were first heard of.</summary>
    public IReadOnlyList<Payment> Payments
    {
        get
        {
            lock (_lock)
            {
                return [.. _payments];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderAnswer>> ApplyAsync(
        IReadOnlyList<OrderCommand> commands, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<OrderAnswer>>(
                [.. commands.Select(command => Apply(command, now))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderId>> DueAsync(
        DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<OrderId>>(
            [
                .. _sales.Values
                    .SelectMany(row => row.Orders)
                    .Where(order => order.Status == OrderStatus.Reserved && order.ExpiresAt <= now)
                    .OrderBy(order => order.ExpiresAt)
                    .Take(limit)
                    .Select(order => order.Id),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(SaleId Sale, int Orders)>> ExpiringAsync(
        DateTimeOffset until, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<(SaleId, int)>>(
            [
                .. _sales.Values
                    .SelectMany(row => row.Orders)
                    .Where(order => order.Status == OrderStatus.Reserved && order.ExpiresAt <= until)
                    .OrderBy(order => order.ExpiresAt)
                    .Take(most)
                    .GroupBy(order => order.Id.Sale)
                    .Select(ofSale => (ofSale.Key, ofSale.Count())),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(long Place, Payment Payment)>> UnsettledAsync(
        long after, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<(long, Payment)>>(
            [
                .. _payments
                    .Select((payment, place) => (Place: place + 1L, Payment: payment))
                    .Where(entry => entry.Place > after)
                    .Where(entry =>
                        entry.Payment.State == PaymentState.RefundDue || entry.Payment.Reviving is not null)
                    .Take(limit),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEvent>> EventsAsync(
        SaleId sale, long after, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var events = _sales.GetValueOrDefault(sale.ToString())?.Events ?? [];
            return ValueTask.FromResult<IReadOnlyList<SaleEvent>>(
                [.. events.Where(entry => entry.No > after).Take(limit)]);
        }
    }

    private OrderAnswer Apply(OrderCommand command, DateTimeOffset now)
    {
        var (order, payment) = Find(command);
        var answer = OrderRule.Decide(command, order, payment, id => FindPayment(id) is not null, now);
        if (answer.Outcome == CommandOutcome.Done)
        {
            Write(order, payment, answer, now);
            TellOfEnd(order, answer.Order);
        }

        return answer;
    }

    private void ReviveAll(InMemorySale row, Admissions admissions)
    {
        foreach (var claim in admissions.Revivals)
        {
            var order = row.Find(claim.Order.Key)!;
            var payment = FindPayment(claim.Revival!.Payment)!;
            var answer = OrderRule.Revive(order, payment, admissions.Now);
            if (answer.Outcome != CommandOutcome.Done)
            {
                throw new InvalidOperationException($"Order {claim.Order} is {order.Status}, and is to be revived.");
            }

            Write(order, payment, answer, admissions.Now);
        }
    }

    private void Write(Order? order, Payment? payment, OrderAnswer answer, DateTimeOffset now)
    {
        if (answer.Payment is { } after)
        {
            var place = _payments.FindIndex(known => known.Id == after.Id);
            if (place < 0)
            {
                _payments.Add(after);
            }
            else
            {
                _payments[place] = after;
            }
        }

        if (order is null)
        {
            return;
        }

        var row = _sales[order.Id.Sale.ToString()];
        foreach (var ofPayment in EventKinds.Of(payment, answer.Payment))
        {
            row.Append(ofPayment, now, order, answer.Payment!.Id);
        }

        if (answer.Order is { } changed)
        {
            row.Transit(order, changed);
            if (EventKinds.Of(order, changed) is { } ofOrder)
            {
                row.Append(ofOrder, now, changed, EventKinds.NamesPayment(ofOrder) ? answer.Payment!.Id : null);
            }
        }
    }

    private (Order? Order, Payment? Payment) Find(OrderCommand command)
    {
        if (command is not OrderCommand.OfPayment of)
        {
            var shown = Find(((OrderCommand.OfOrder)command).Order);
            return (shown, shown?.Payment);
        }

        var payment = FindPayment(of.Payment);
        return (OrderRule.OrderOf(of, payment) is { } order ? Find(order) : null, payment);
    }

    private Payment? FindPayment(PaymentId id) => _payments.Find(payment => payment.Id == id);
}
