using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Conformance;

/// <summary>
/// A random life of one sale: claims are committed, orders are cancelled, expire and are paid, money comes late, twice
/// and wrong, and operators change the sale. It is drawn from its seed alone, so that two stores can be asked the same.
/// </summary>
/// <param name="sale">The sale, of which nothing is sold yet.</param>
/// <param name="random">Draws it.</param>
public sealed class OrderHistory(Sale sale, Random random)
{
    private readonly List<Order> _orders = [];
    private DateTimeOffset _now = Samples.Noon;
    private long _admitted;
    private Sale _sale = sale;

    /// <summary>So many steps, each to be done before the next is drawn.</summary>
    public IEnumerable<Step> Steps(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _now = _now.AddMinutes(random.Next(4));
            yield return random.Next(10) switch
            {
                < 3 => Claim(i),
                < 8 => new Step(this, Command(), null, null),
                8 => new Step(this, null, null, Change(i)),
                _ => new Step(this, null, null, null),
            };
        }
    }

    private Step Claim(int number)
    {
        var order = Samples.Order(_sale, $"buyer-{number}", units: random.Next(1, 3)) with
        {
            CreatedAt = _now,
            ReservedAt = _now,
            ExpiresAt = _now + _sale.PaymentWindow,
        };
        return new Step(this, null, order, null);
    }

    private OrderCommand Command()
    {
        var order = _orders.Count == 0 ? Samples.Order(_sale, "nobody") : _orders[random.Next(_orders.Count)];
        var payment = PaymentId.Of(order.Id, random.Next(1, 3));
        return random.Next(8) switch
        {
            0 => new OrderCommand.Cancel(order.Id),
            1 => new OrderCommand.Expire(order.Id),
            2 => new OrderCommand.OpenPayment(order.Id),
            3 => new OrderCommand.Fail(payment),
            4 => new OrderCommand.NoteRefund(payment),
            5 => new OrderCommand.RefuseRevival(payment, RefundReason.NoUnitsLeft),
            _ => new OrderCommand.Capture(
                payment, $"{order.Id}", random.Next(6) == 0 ? new Money(1, "EUR") : order.Amount),
        };
    }

    private SaleChange Change(int number) => random.Next(4) switch
    {
        0 => new SaleChange.Pause(),
        1 => new SaleChange.Resume(),
        2 => new SaleChange.Replenish(random.Next(1, 4), $"request-{number / 20}"),
        _ => new SaleChange.Edit(_sale with { Title = $"Title {number}" }, _sale.Revision),
    };

    /// <summary>One step of the history; doing it on the reference first lets the history know what stands.</summary>
    /// <param name="history">The history it belongs to.</param>
    /// <param name="command">A command, or</param>
    /// <param name="order">a claim that a gate has admitted, or</param>
    /// <param name="change">an operator's change; where all are null, late money asks for its units.</param>
    public sealed class Step(OrderHistory history, OrderCommand? command, Order? order, SaleChange? change)
    {
        private readonly DateTimeOffset _now = history._now;
        private readonly long _admitted = history._admitted;
        private readonly Sale _sale = history._sale;

        /// <summary>Does it on the reference, and remembers what it brought.</summary>
        public async Task<string> DoAsync(InMemoryStore store, CancellationToken cancellationToken)
        {
            var told = await DoAsync(
                new StoreUnderTest(store, store, store, () => ValueTask.CompletedTask), cancellationToken);
            var (orders, _) = store.Contents(_sale.Id);
            history._orders.Clear();
            history._orders.AddRange(orders);
            history._admitted = store.TakeSnapshot(_sale.Id).Admitted;
            history._sale = store.TakeSnapshot(_sale.Id).Sale;
            return told;
        }

        /// <summary>Does it, and says what was told.</summary>
        public async Task<string> DoAsync(StoreUnderTest store, CancellationToken cancellationToken)
        {
            if (command is not null)
            {
                return $"{(await store.Orders.ApplyAsync([command], _now, cancellationToken))[0]}";
            }

            if (change is not null)
            {
                var answer = await store.Sales.ChangeAsync(_sale.Id, change, _now, cancellationToken);
                return $"{answer.Outcome} {answer.Sale?.Revision} {answer.Sale?.Quantity}";
            }

            var admissions = order is not null
                ? Samples.Admissions(_sale, 1, _admitted, order)
                : await RevivalAsync(store, cancellationToken);
            if (admissions is null)
            {
                return "nobody asks";
            }

            if (await AvailableAsync(store, cancellationToken) < admissions.Units)
            {
                return "a gate would not have admitted it";
            }

            var receipt = await store.Ledger.CommitAsync([admissions], cancellationToken);
            return $"{receipt.Status} {receipt.Covers(_sale.Id)}";
        }

        private async Task<Admissions?> RevivalAsync(StoreUnderTest store, CancellationToken cancellationToken)
        {
            var asking = (await store.Orders.UnsettledAsync(0, 1_000, cancellationToken))
                .Select(entry => entry.Payment)
                .FirstOrDefault(payment => payment.Reviving is not null
                    && payment.OrderId.StartsWith($"{_sale.Id}.", StringComparison.Ordinal));
            if (asking is null || !OrderId.TryParse(asking.OrderId, out var id)
                || await store.Ledger.FindAsync([id], cancellationToken) is not [{ Status: OrderStatus.Expired } late])
            {
                return null;
            }

            var revival = new Revival(asking.Id, asking.Reviving!.Value);
            return Samples.Revivals(
                _sale, 1, _admitted, _now, new Claim(id, late.Buyer, late.Quantity, Revival: revival));
        }

        private async Task<long> AvailableAsync(StoreUnderTest store, CancellationToken cancellationToken) =>
            (await store.Sales.ReportAsync(_sale.Id, cancellationToken))!.Stock.Available;
    }
}
