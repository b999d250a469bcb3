using Doorbuster.Fulfilment;

namespace Doorbuster.Claims;

/// <summary>One sale in the in-memory gate.</summary>
/// <remarks>
/// Decisions are made on copies; <see cref="Accept"/> alone changes what the sale knows. The lock is held for that and
/// for reading, never across the store's commit.
/// </remarks>
internal sealed class GateSale
{

    private readonly Lock _lock = new();
    private readonly Sale _sale;
    private readonly int _ordersPerBuyer;
    private readonly Holdings _holdings;
    private long _admitted;
    private StockView _view;

    public GateSale(GateSnapshot snapshot, int ordersPerBuyer)
    {
        _sale = snapshot.Sale;
        _ordersPerBuyer = ordersPerBuyer;
        _holdings = snapshot.Holdings;
        _admitted = snapshot.Admitted;
        _view = new StockView(snapshot.Epoch, snapshot.Stock.Version, snapshot.Stock.Available);
    }

    public long Epoch => _view.Epoch;

    public StockView View => _view;

    /// <summary>The decision whose commit may stand or not; while there is one, nothing is admitted.</summary>
    public GateDecision? Unsettled { get; private set; }

    /// <summary>
    /// Decides a batch; what comes back, if anything, must be committed before the batch is answered.
    /// </summary>
    public GateDecision? Decide(SaleBatch batch, DateTimeOffset now)
    {
        batch.View = _view;
        if (Unsettled is { } unsettled)
        {
            AnswerWhileUnsettled(batch, unsettled);
            return null;
        }

        foreach (var claim in batch.Claims)
        {
            batch.Holdings.Borrow(claim.Buyer, _holdings);
        }

        var facts = new SaleFacts(
            _view.Epoch, _view.Available, _sale.PerBuyerLimit, _ordersPerBuyer,
            _sale.OpensAt, _sale.ClosesAt, _sale.Mode);
        var units = Decision.Decide(facts, Judge.Gate(now), batch.Claims, batch.Holdings, batch.Outcomes);
        var orders = Answer(batch, now, _view.Available);
        return orders is null
            ? null
            : new GateDecision(this, batch, new Admissions(_sale.Id, _view.Epoch, _admitted, units, orders));
    }

    /// <summary>The store has it on disk: what was decided becomes what is.</summary>
    public void Accept(GateDecision decision)
    {
        lock (_lock)
        {
            foreach (var order in decision.Admissions.Orders)
            {
                _holdings.Add(order.Buyer, new HeldOrder(order.Id.Key, order.Quantity));
            }

            _admitted += decision.Admissions.Orders.Count;
            _view = new StockView(_view.Epoch, _view.Version + 1, _view.Available - decision.Admissions.Units);
        }
    }

    /// <summary>
    /// The store has nothing of it. Refusals that came of what was granted beside them would be untrue now, so they
    /// become <see cref="Outcome.Busy"/> with the rest.
    /// </summary>
    public void Discard(GateDecision decision) => AnswerUncommitted(decision.Batch, ClaimAnswer.Busy);

    /// <summary>Nobody knows yet whether the store has it.</summary>
    public void Suspend(GateDecision decision) => Unsettled = decision;

    /// <summary>The store has told which orders stand.</summary>
    /// <exception cref="InvalidOperationException">
    /// Some stand and some do not: the store broke a transaction.
    /// </exception>
    public void Resolve(GateDecision decision, IReadOnlySet<OrderKey> standing)
    {
        var orders = decision.Admissions.Orders;
        if (standing.Count != 0 && standing.Count != orders.Count)
        {
            throw new InvalidOperationException(
                $"Sale '{_sale.Id}': {standing.Count} of {orders.Count} orders of one transaction stand.");
        }

        if (standing.Count > 0)
        {
            Accept(decision);
        }

        Unsettled = null;
    }

    /// <summary>Answers a batch whose commit's outcome was not known at first.</summary>
    public void AnswerSuspended(GateDecision decision)
    {
        if (Unsettled is not null)
        {
            AnswerUncommitted(decision.Batch, ClaimAnswer.Unknown);
        }
        else if (!_holdings.Of(decision.Admissions.Orders[0].Buyer)
            .TryFind(decision.Admissions.Orders[0].Id.Key, out _))
        {
            Discard(decision);
        }
    }

    public GateReport Report()
    {
        lock (_lock)
        {
            return new GateReport(_view, _holdings.CopyOrders());
        }
    }

    public IReadOnlyList<OrderId> OrdersOf(BuyerId buyer)
    {
        lock (_lock)
        {
            var orders = new List<OrderId>();
            foreach (var order in _holdings.Of(buyer))
            {
                orders.Add(new OrderId(_sale.Id, order.Key));
            }

            return orders;
        }
    }

    private List<Order>? Answer(SaleBatch batch, DateTimeOffset now, long available)
    {
        List<Order>? orders = null;
        for (var i = 0; i < batch.Claims.Length; i++)
        {
            var claim = batch.Claims[i];
            Order? order = null;
            if (batch.Outcomes[i] == Outcome.Admitted)
            {
                order = Reserve(claim, now);
                (orders ??= new List<Order>(batch.Claims.Length)).Add(order);
                available -= claim.Quantity;
            }

            batch.Answers[i] = new ClaimAnswer(batch.Outcomes[i], order, available);
        }

        return orders;
    }

    private Order Reserve(in Claim claim, DateTimeOffset now) =>
        new(claim.Order, claim.Buyer, claim.Quantity, _sale.Price.Times(claim.Quantity), OrderStatus.Reserved,
            Revision: 1, CreatedAt: now, ReservedAt: now, ExpiresAt: now + _sale.PaymentWindow);

    private void AnswerUncommitted(SaleBatch batch, ClaimAnswer instead)
    {
        for (var i = 0; i < batch.Claims.Length; i++)
        {
            if (DependsOnCommit(batch.Outcomes[i], batch.Claims[i]))
            {
                batch.Answers[i] = batch.Outcomes[i] is Outcome.Admitted or Outcome.Replayed or Outcome.KeyReused
                    ? instead
                    : ClaimAnswer.Busy;
            }
        }
    }

    private bool DependsOnCommit(Outcome outcome, in Claim claim) => outcome switch
    {
        Outcome.Admitted or Outcome.BuyerLimit or Outcome.SoldOut or Outcome.Insufficient => true,
        Outcome.Replayed or Outcome.KeyReused => !Stands(claim),
        _ => false,
    };

    private void AnswerWhileUnsettled(SaleBatch batch, GateDecision unsettled)
    {
        for (var i = 0; i < batch.Claims.Length; i++)
        {
            var claim = batch.Claims[i];
            batch.Answers[i] = Stands(claim) ? new ClaimAnswer(Outcome.Replayed)
                : unsettled.Admissions.Orders.Any(o => o.Id == claim.Order) ? ClaimAnswer.Unknown
                : ClaimAnswer.Busy;
        }
    }

    private bool Stands(in Claim claim) => _holdings.Of(claim.Buyer).TryFind(claim.Order.Key, out _);
}
