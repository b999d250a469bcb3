using Doorbuster.Fulfilment;
using Doorbuster.Orders;

namespace Doorbuster.Claims;

/// <summary>One sale in the in-memory gate.</summary>
/// <remarks>
/// Decisions are made on copies; <see cref="Accept"/>, <see cref="Release"/> and <see cref="Apply"/> alone change what
/// the sale knows. The lock is held for that and for reading, never across the store's commit, so units can come back
/// while a batch is being committed: that only leaves more than the batch was decided on. Where a successor of a higher
/// epoch is expected, what this one is told from then on the successor is told too, however old its snapshot is. Who
/// reads the whole sale holds the lock for a part at a time, and whatever changes an order meanwhile tells each
/// <see cref="GateReading"/>.
/// </remarks>
internal sealed class GateSale
{
    private readonly Lock _lock = new();
    private readonly int _ordersPerBuyer;
    private readonly int _ordersPerSale;
    private readonly OrderRoom _room;
    private readonly Holdings _holdings;

    /// <summary>Orders that ended in the store before the gate had accepted them; there is rarely one.</summary>
    private readonly Dictionary<OrderKey, int> _endedEarly = [];

    private readonly GateReadings _readings = new();

    private Sale _sale;
    private long _admitted;
    private StockView _view;

    private readonly Succession _succession = new();
    private bool _isInRoom;

    public GateSale(GateSnapshot snapshot, int ordersPerBuyer, int ordersPerSale, OrderRoom room)
    {
        _sale = snapshot.Sale;
        (_ordersPerBuyer, _ordersPerSale, _room) = (ordersPerBuyer, ordersPerSale, room);
        _holdings = snapshot.Holdings;
        _admitted = snapshot.Admitted;
        _view = new StockView(snapshot.Epoch, snapshot.Stock.Version, snapshot.Stock.Available);
    }

    public long Epoch => View.Epoch;

    public StockView View => Volatile.Read(ref _view);

    /// <summary>Whether the store raises, or has raised, the epoch to open the sale anew here.</summary>
    public bool ExpectsSuccessor
    {
        get
        {
            lock (_lock)
            {
                return _succession.IsExpected;
            }
        }
    }

    /// <summary>The decision whose commit may stand or not; while there is one, nothing is admitted.</summary>
    public GateDecision? Unsettled { get; private set; }

    /// <summary>Whether it has as many orders as may be kept of one sale, and nothing is admitted.</summary>
    public bool IsFull { get; private set; }

    /// <summary>
    /// Decides a batch; what comes back, if anything, must be committed before the batch is answered.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="now">The time at which orders are reserved.</param>
    /// <param name="judged">The time at which the sale's window is judged.</param>
    public GateDecision? Decide(SaleBatch batch, DateTimeOffset now, DateTimeOffset judged)
    {
        if (Unsettled is { } unsettled)
        {
            batch.View = View;
            AnswerWhileUnsettled(batch, unsettled);
            return null;
        }

        Sale sale;
        long admitted;
        lock (_lock)
        {
            sale = _sale;
            admitted = _admitted;
            batch.View = _view;
            IsFull = _holdings.Orders >= _ordersPerSale;
            foreach (var claim in batch.Claims)
            {
                batch.Holdings.Borrow(claim.Buyer, _holdings);
            }
        }

        var view = batch.View;
        var facts = new SaleFacts(
            view.Epoch, view.Available, sale.PerBuyerLimit, _ordersPerBuyer, sale.OpensAt, sale.ClosesAt, sale.Mode);
        var judge = Judge.Gate(judged, IsFull || _room.IsFull);
        var units = Decision.Decide(facts, judge, batch.Claims, batch.Holdings, batch.Outcomes);
        var (orders, revivals) = Grants.Answer(batch, sale.Price, sale.PaymentWindow, now, view.Available);
        return orders is null && revivals is null
            ? null
            : new GateDecision(
                this,
                batch,
                new Admissions(
                    sale.Id, view.Epoch, admitted, sale.Revision, now, units, orders ?? [], revivals ?? []));
    }

    /// <summary>The store has it on disk: what was decided becomes what is.</summary>
    public void Accept(GateDecision decision)
    {
        var admissions = decision.Admissions;
        lock (_lock)
        {
            var units = 0L;
            foreach (var order in admissions.Orders)
            {
                var held = _endedEarly.Remove(order.Id.Key) ? 0 : order.Quantity;
                _holdings.Add(order.Buyer, new HeldOrder(order.Id.Key, held));
                units += held;
                _readings.Note(_holdings, order.Buyer, order.Id.Key);
            }

            foreach (var claim in admissions.Revivals)
            {
                _holdings.Hold(claim.Buyer, claim.Order.Key, claim.Quantity, claim.Revival!.Turn);
                units += claim.Quantity;
                _readings.Note(_holdings, claim.Buyer, claim.Order.Key);
            }

            if (_isInRoom)
            {
                _room.Take(admissions.Orders.Count);
            }

            _admitted += admissions.Count;
            Change(available: -units);
        }
    }

    /// <summary>It is open: its orders count among those of all sales.</summary>
    public void EnterRoom()
    {
        lock (_lock)
        {
            _isInRoom = true;
            _room.Take(_holdings.Orders);
        }
    }

    /// <summary>It is open no longer, and what it kept can be forgotten.</summary>
    public void LeaveRoom()
    {
        lock (_lock)
        {
            _isInRoom = false;
            _room.GiveBack(_holdings.Orders);
        }
    }

    /// <summary>From now on it keeps what it is told, for whoever is opened in its place.</summary>
    public void ExpectSuccessor()
    {
        lock (_lock)
        {
            _succession.Expect();
        }
    }

    /// <summary>Whoever expected a successor does so no longer.</summary>
    public void GiveUpSuccessor()
    {
        lock (_lock)
        {
            _succession.GiveUp();
        }
    }

    /// <summary>Another has been opened in its place, and is told all that this one was told, and will be.</summary>
    public void HandOver(GateSale successor)
    {
        lock (_lock)
        {
            successor.Release(_succession.BeginWith(successor));
            successor.Apply(_sale);
        }
    }

    /// <summary>The store has ended these orders: their units can be bought again.</summary>
    public StockView Release(IReadOnlyCollection<Release> releases)
    {
        lock (_lock)
        {
            if (_succession.Successor is { } successor)
            {
                return successor.Release(releases);
            }

            _succession.Note(releases);
            var freed = 0L;
            foreach (var release in releases)
            {
                if (_holdings.End(release.Buyer, release.Order.Key, release.Turn) is { } units)
                {
                    freed += units;
                    _readings.Note(_holdings, release.Buyer, release.Order.Key);
                }
                else
                {
                    _endedEarly[release.Order.Key] = release.Turn;
                }
            }

            return freed == 0 ? _view : Change(freed);
        }
    }

    /// <summary>Takes over an operator's change, unless it is older than the one known.</summary>
    public StockView Apply(Sale sale)
    {
        lock (_lock)
        {
            if (_succession.Successor is { } successor)
            {
                return successor.Apply(sale);
            }

            if (sale.Revision <= _sale.Revision)
            {
                return _view;
            }

            var more = sale.Quantity - _sale.Quantity;
            _sale = sale;
            return Change(more);
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
        var claims = decision.Admissions.Count;
        if (standing.Count != 0 && standing.Count != claims)
        {
            throw new InvalidOperationException(
                $"Sale '{_sale.Id}': {standing.Count} of {claims} orders of one transaction stand.");
        }

        decision.Stood = standing.Count > 0;
        if (decision.Stood)
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
        else if (!decision.Stood)
        {
            Discard(decision);
        }
    }

    /// <summary>Begins to read every order; <see cref="EndReading"/> must follow, whatever happens.</summary>
    public GateReading BeginReading()
    {
        int orders;
        lock (_lock)
        {
            orders = _holdings.Orders;
        }

        var reading = new GateReading(orders);
        lock (_lock)
        {
            _readings.Begin(reading);
        }

        return reading;
    }

    /// <summary>Reads the next part.</summary>
    /// <returns>Whether there is more; where not, the sale as it is now is what has been read.</returns>
    public bool ReadPart(GateReading reading)
    {
        lock (_lock)
        {
            var hasMore = reading.ReadPart(_holdings);
            if (!hasMore)
            {
                reading.End(_view, _admitted);
                _readings.End(reading);
            }

            return hasMore;
        }
    }

    /// <summary>Nothing is told to it any more.</summary>
    public void EndReading(GateReading reading)
    {
        lock (_lock)
        {
            _readings.End(reading);
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
            // An order that late money may have paid stands as well, and what became of it is not known.
            batch.Answers[i] = claim.Revival is not null ? ClaimAnswer.Busy
                : unsettled.Admissions.Ids.Contains(claim.Order) ? ClaimAnswer.Unknown
                : Stands(claim) ? new ClaimAnswer(Outcome.Replayed)
                : ClaimAnswer.Busy;
        }
    }

    private bool Stands(in Claim claim)
    {
        lock (_lock)
        {
            return _holdings.Of(claim.Buyer).TryFind(claim.Order.Key, out _);
        }
    }

    private StockView Change(long available)
    {
        var view = new StockView(_view.Epoch, _view.Version + 1, _view.Available + available);
        Volatile.Write(ref _view, view);
        return view;
    }
}
