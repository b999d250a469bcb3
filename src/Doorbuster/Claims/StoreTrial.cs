using Doorbuster.Fulfilment;

namespace Doorbuster.Claims;

/// <summary>
/// One batch on its way into the store: judged as often as it takes until a transaction with it has surely ended.
/// </summary>
/// <remarks>
/// An answer is told as true only if what it came of surely stands. What a transaction of unknown outcome had granted
/// is judged again under the same ids: what stands then is that grant, and its buyer is told so (F08). Or it is another
/// transaction's, which was faster under the same id: then it is that one's to tell of, and here a replay. When its
/// units were reserved says which.
/// </remarks>
/// <param name="batch">The batch.</param>
/// <param name="unknown">What earlier calls have left unknown.</param>
internal sealed class StoreTrial(SaleBatch batch, UnknownEnds unknown)
{
    private readonly Dictionary<OrderKey, DateTimeOffset?> _stood = [];
    private readonly List<Admissions> _doubted = [];
    private readonly List<(int Place, ClaimAnswer Answer)> _doubtful = [];
    private StockView? _view;
    private bool _isJudged;

    /// <summary>The batch.</summary>
    public SaleBatch Batch { get; } = batch;

    /// <summary>What it was granted when it was last judged; null where that is nothing.</summary>
    public Admissions? Granted { get; private set; }

    /// <summary>
    /// What stands now that it is accepted: what was granted last, and what nobody knew the end of.
    /// </summary>
    public IEnumerable<Admissions> Standing =>
    [
        // Two that began with one order are one that was tried again: no more than one of them stands.
        .. _doubted.Where(granted => granted.Orders is [var first, ..] && IsOurs(first))
            .DistinctBy(granted => granted.Orders[0].Id),
        .. Granted is { } last ? [last] : Array.Empty<Admissions>(),
    ];

    /// <summary>Judges the batch on what a transaction has read.</summary>
    /// <param name="sale">The sale; null where there is none.</param>
    /// <param name="now">When orders are reserved.</param>
    /// <param name="judged">The time by which the window is judged.</param>
    /// <param name="ordersPerBuyer">The most orders that are kept of one buyer.</param>
    /// <returns>What is to be written; null where that is nothing.</returns>
    public Admissions? Judge(FoundSale? sale, DateTimeOffset now, DateTimeOffset judged, int ordersPerBuyer)
    {
        (_isJudged, Granted, _view) = (true, null, null);
        _stood.Clear();
        if (sale is null)
        {
            Decision.Decide(null, Doorbuster.Judge.Gate(judged), Batch.Claims, Batch.Holdings, Batch.Outcomes);
            Grants.Answer(Batch, default, default, now, available: 0);
            return null;
        }

        Fill(sale);
        var terms = sale.Terms;
        var facts = new SaleFacts(
            sale.Epoch, sale.Available, terms.PerBuyerLimit, ordersPerBuyer, terms.OpensAt, terms.ClosesAt, terms.Mode);
        var units = Decide(facts, Doorbuster.Judge.Gate(judged), sale.Asks);
        var (orders, revivals) = Grants.Answer(Batch, terms.Price, terms.PaymentWindow, now, sale.Available);
        var moved = units > 0 ? 1 : 0;
        _view = new StockView(sale.Epoch, sale.Version + moved, sale.Available - units);
        return Granted = orders is null && revivals is null
            ? null
            : new Admissions(
                Batch.Sale, sale.Epoch, sale.Admitted, sale.Revision, now, units, orders ?? [], revivals ?? []);
    }

    /// <summary>What was judged stands.</summary>
    public void Accept()
    {
        Batch.View = _view;
        foreach (var (place, before) in _doubtful)
        {
            if (Batch.Outcomes[place] == Outcome.Replayed && (before.Order is null || IsOurs(before.Order)))
            {
                // The grant of which nobody knew whether it stood.
                Batch.Answers[place] = before;
            }
        }

        unknown.Forget(Batch);
    }

    /// <summary>Nobody knows whether what was granted stands.</summary>
    public void Doubt()
    {
        _doubted.Add(Granted!);
        for (var i = 0; i < Batch.Claims.Length; i++)
        {
            if (Batch.Outcomes[i] == Outcome.Admitted)
            {
                _doubtful.Add((i, Batch.Answers[i]));
            }
        }
    }

    /// <summary>
    /// Nothing of the last transaction stands, and nobody tries again: answers that came of it are taken back. What an
    /// earlier one of unknown end may have made stays unknown, for this call and those after it.
    /// </summary>
    public void GiveUp()
    {
        Batch.View = null;
        var doubted = new HashSet<OrderKey>();
        foreach (var (place, _) in _doubtful)
        {
            doubted.Add(Batch.Claims[place].Order.Key);
        }

        for (var i = 0; i < Batch.Claims.Length; i++)
        {
            var order = Batch.Claims[i].Order;
            if (_isJudged && !DependsOnCommit(Batch.Outcomes[i], order.Key))
            {
                continue;
            }

            if (doubted.Contains(order.Key))
            {
                unknown.Add(order);
            }

            Batch.Answers[i] = unknown.Has(order) ? ClaimAnswer.Unknown : ClaimAnswer.Busy;
        }
    }

    private bool IsOurs(Order granted) =>
        _stood.TryGetValue(granted.Id.Key, out var at) && at == granted.ReservedAt;

    private bool DependsOnCommit(Outcome outcome, OrderKey order) => outcome switch
    {
        Outcome.Admitted or Outcome.BuyerLimit or Outcome.SoldOut or Outcome.Insufficient => true,
        Outcome.Replayed or Outcome.KeyReused => !_stood.ContainsKey(order),
        _ => false,
    };

    /// <summary>
    /// What the buyers hold: the orders under the claims' ids one by one, and the rest of what is theirs in sum, which
    /// is enough to know how much it is and how many.
    /// </summary>
    private void Fill(FoundSale sale)
    {
        Batch.Holdings.Clear();
        var rest = new Dictionary<BuyerId, (int Units, int Orders)>(sale.Buyers);
        foreach (var (buyer, order, reservedAt) in sale.Standing)
        {
            _stood.Add(order.Key, reservedAt);
            Batch.Holdings.Add(buyer, order);
            var (units, orders) = rest.GetValueOrDefault(buyer);
            rest[buyer] = (units - order.Quantity, orders - 1);
        }

        foreach (var (buyer, (units, orders)) in rest)
        {
            for (var i = 0; i < orders; i++)
            {
                Batch.Holdings.Add(buyer, new HeldOrder(default, i == 0 ? units : 0));
            }
        }
    }

    /// <summary>Late money whose payment asks no longer was decided before, whatever its order is now.</summary>
    private long Decide(SaleFacts facts, Judge judge, Func<Claim, bool> asks)
    {
        if (!HasRevivals())
        {
            return Decision.Decide(facts, judge, Batch.Claims, Batch.Holdings, Batch.Outcomes);
        }

        var available = facts.Available;
        for (var i = 0; i < Batch.Claims.Length; i++)
        {
            if (Batch.Claims[i].Revival is not null && !asks(Batch.Claims[i]))
            {
                Batch.Outcomes[i] = Outcome.Replayed;
                continue;
            }

            available -= Decision.Decide(
                facts with { Available = available }, judge, Batch.Claims.Slice(i, 1), Batch.Holdings,
                Batch.Outcomes.Slice(i, 1));
        }

        return facts.Available - available;
    }

    private bool HasRevivals()
    {
        foreach (ref readonly var claim in Batch.Claims)
        {
            if (claim.Revival is not null)
            {
                return true;
            }
        }

        return false;
    }
}
