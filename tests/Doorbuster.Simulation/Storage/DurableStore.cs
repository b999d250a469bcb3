using System.Runtime.InteropServices;
using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Simulation.Storage;

/// <summary>
/// What is on disk, whoever died: sales, orders and payments, changed by whole transactions alone. Each passes the
/// fence of the store's owner first, and guards what it writes as the embedded store does: by epoch, count of
/// admissions, revision and stock, by an order's status and revision, and by unique ids.
/// </summary>
internal sealed partial class DurableStore
{
    private readonly SortedList<string, DurableSale> _sales = new(StringComparer.Ordinal);
    private readonly Dictionary<PaymentId, int> _paymentPlaces = [];
    private readonly List<Payment> _payments = [];

    /// <summary>Grows with every transaction that wrote something.</summary>
    public long Version { get; private set; }

    /// <summary>The session that owns the store.</summary>
    public long Owner { get; private set; }

    /// <summary>Every sale, in ascending order of id.</summary>
    public IList<DurableSale> Sales => _sales.Values;

    /// <summary>Every payment, in the order in which they were first heard of; nobody else writes here.</summary>
    public List<Payment> Payments => _payments;

    public DurableSale? Find(SaleId sale) => _sales.TryGetValue(sale.ToString(), out var row) ? row : null;

    public Order? Find(OrderId order) => Find(order.Sale)?.Find(order.Key);

    public Payment? Find(PaymentId payment) =>
        _paymentPlaces.TryGetValue(payment, out var place) ? _payments[place] : null;

    public GateSnapshot? Create(Sale sale)
    {
        if (_sales.ContainsKey(sale.Id.ToString()))
        {
            return null;
        }

        Version++;
        var row = new DurableSale(sale, id => Reopened?.Invoke(id));
        _sales.Add(sale.Id.ToString(), row);
        return row.Snapshot();
    }

    public IReadOnlyList<GateSnapshot> TakeOver(long owner)
    {
        Version++;
        Owner = owner;
        IsGate = false;
        var snapshots = new List<GateSnapshot>(_sales.Count);
        foreach (var row in _sales.Values)
        {
            row.Epoch++;
            snapshots.Add(row.Snapshot());
        }

        return snapshots;
    }

    public SaleChangeAnswer Change(SaleId sale, SaleChange change, DateTimeOffset now)
    {
        Version++;
        return Find(sale) is { } row
            ? TellOfTerms(row, row.Change(change, now))
            : new SaleChangeAnswer(SaleChangeOutcome.Unknown);
    }

    /// <summary>All sales of a batch in one transaction, but for those that are not as their gate knew them.</summary>
    /// <exception cref="InvalidOperationException">An order's id is there already; nothing was written.</exception>
    public CommitReceipt Commit(IReadOnlyList<Admissions> admissions)
    {
        Version++;
        HashSet<SaleId>? stale = null;
        HashSet<SaleId>? changed = null;
        foreach (var ofSale in admissions)
        {
            if (Find(ofSale.Sale) is not { } row || !row.Knew(ofSale))
            {
                (stale ??= []).Add(ofSale.Sale);
            }
            else if (row.HasNewTerms(ofSale))
            {
                (changed ??= []).Add(ofSale.Sale);
            }
            else if (row.HasAnyOf(ofSale.Orders))
            {
                throw new InvalidOperationException("An order's id is there already.");
            }
        }

        foreach (var ofSale in admissions)
        {
            if (stale?.Contains(ofSale.Sale) != true && changed?.Contains(ofSale.Sale) != true)
            {
                Find(ofSale.Sale)!.Add(ofSale);
                Revive(ofSale);
            }
        }

        return new CommitReceipt(CommitStatus.Committed, stale, changed);
    }

    /// <summary>
    /// Writes an order as somebody would who knows the tables and not the gate: all sums are right, and nobody is told.
    /// </summary>
    public void AdmitUnseen(Order order)
    {
        Version++;
        var row = Find(order.Id.Sale)!;
        row.Add(new Admissions(
            order.Id.Sale, row.Epoch, row.Admitted, row.Sale.Revision, order.ReservedAt, order.Quantity, [order], []));
    }

    /// <summary>Which of these stand as they were admitted.</summary>
    public IReadOnlySet<OrderKey> Standing(Admissions admissions)
    {
        var standing = new HashSet<OrderKey>();
        foreach (var order in admissions.Orders)
        {
            if (Find(order.Id) is not null)
            {
                standing.Add(order.Id.Key);
            }
        }

        foreach (var claim in admissions.Revivals)
        {
            if (Find(claim.Order) is { Status: OrderStatus.Paid } order
                && order.Payment?.Id == claim.Revival!.Payment)
            {
                standing.Add(claim.Order.Key);
            }
        }

        return standing;
    }

    public IReadOnlyList<OrderAnswer> Apply(IReadOnlyList<OrderCommand> commands, DateTimeOffset now)
    {
        var answers = new OrderAnswer[commands.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = Apply(commands[i], now);
        }

        return answers;
    }

    public IReadOnlyList<OrderId> Due(DateTimeOffset now, int limit)
    {
        List<Order>? due = null;
        foreach (var row in _sales.Values)
        {
            foreach (var order in row.Orders)
            {
                if (order.Status == OrderStatus.Reserved && order.ExpiresAt <= now)
                {
                    (due ??= []).Add(order);
                }
            }
        }

        return due is null
            ? []
            : [.. due.OrderBy(order => order.ExpiresAt).Take(limit).Select(order => order.Id)];
    }

    public IReadOnlyList<(long Place, Payment Payment)> Unsettled(long after, int limit)
    {
        List<(long, Payment)>? unsettled = null;
        for (var place = (int)after; place < _payments.Count && (unsettled?.Count ?? 0) < limit; place++)
        {
            var payment = _payments[place];
            if (payment.State == PaymentState.RefundDue || payment.Reviving is not null)
            {
                (unsettled ??= []).Add((place + 1, payment));
            }
        }

        return unsettled ?? [];
    }

    private OrderAnswer Apply(OrderCommand command, DateTimeOffset now)
    {
        var (order, payment) = Concerning(command);
        var answer = OrderRule.Decide(command, order, payment, _paymentPlaces.ContainsKey, now);
        if (answer.Outcome == CommandOutcome.Done)
        {
            Write(order, payment, answer, now);
            TellOfEnd(order, answer.Order);
        }

        return answer;
    }

    private void Revive(Admissions admissions)
    {
        foreach (var claim in admissions.Revivals)
        {
            var (order, payment) = (Find(claim.Order)!, Find(claim.Revival!.Payment)!);
            var answer = OrderRule.Revive(order, payment, admissions.Now);
            if (answer.Outcome != CommandOutcome.Done)
            {
                throw new InvalidOperationException($"Order {claim.Order} is {order.Status}, and is to be revived.");
            }

            Write(order, payment, answer, admissions.Now);
        }
    }

    private void Write(Order? order, Payment? payment, in OrderAnswer answer, DateTimeOffset now)
    {
        Version++;
        if (answer.Payment is { } after)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_paymentPlaces, after.Id, out var isKnown);
            if (isKnown)
            {
                _payments[place] = after;
            }
            else
            {
                place = _payments.Count;
                _payments.Add(after);
            }
        }

        if (order is null)
        {
            return;
        }

        var row = Find(order.Id.Sale)!;
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

    private (Order? Order, Payment? Payment) Concerning(OrderCommand command)
    {
        if (command is not OrderCommand.OfPayment of)
        {
            var shown = Find(((OrderCommand.OfOrder)command).Order);
            return (shown, shown?.Payment);
        }

        var payment = Find(of.Payment);
        return (OrderRule.OrderOf(of, payment) is { } order ? Find(order) : null, payment);
    }
}
