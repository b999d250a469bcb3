using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// What one transaction makes of admitted claims: judged by the one rule, gathered, and written at its end.
/// </summary>
/// <param name="found">What it has locked and read.</param>
/// <param name="now">Its time.</param>
internal sealed class FulfilmentWork(FoundClaims found, DateTimeOffset now)
{
    private readonly StockMoves _moves = new(found.Holders);
    private readonly List<(LockedSale Sale, Release? Release)> _outbox = [];
    private readonly List<Claim> _judged = [];
    private OrderChanges? _changes;
    private bool _hasNew;
    private bool _hasUndecided;

    /// <summary>Whether everything stood already, and nobody is to be told.</summary>
    public bool IsEmpty =>
        !_hasNew && _outbox.Count == 0 && _changes is not { IsEmpty: false } && found.Letters.Count == 0;

    /// <summary>Whether a claim was left undecided, for it is of an older epoch.</summary>
    public bool HasUndecided => _hasUndecided;

    /// <summary>Judges entries, each sale's in their order.</summary>
    /// <returns>The orders that stand for the claims now.</returns>
    /// <exception cref="BadClaimException">One is of a sale that there is not.</exception>
    public IReadOnlyList<Order> Judge(IReadOnlyList<AdmittedBatch> entries) =>
        Judge(entries, (rule, entry) => rule.Judge(entry));

    /// <summary>Gives an entry's claims up, which nobody could write.</summary>
    /// <returns>The orders that stand for the claims now.</returns>
    public IReadOnlyList<Order> GiveUp(AdmittedBatch entry) => Judge([entry], (rule, claims) => rule.GiveUp(claims));

    private List<Order> Judge(
        IReadOnlyList<AdmittedBatch> entries, Func<FulfilmentRule, AdmittedBatch, IEnumerable<Verdict>> judge)
    {
        var orders = new List<Order>();
        _changes = new OrderChanges(found.Sales, found.Records, _moves);
        foreach (var ofSale in entries.GroupBy(entry => entry.Sale))
        {
            if (!found.Sales.TryGetValue(ofSale.Key, out var sale))
            {
                throw new BadClaimException($"The store has no sale '{ofSale.Key}'.");
            }

            var claims = ofSale.SelectMany(entry => entry.Claims).ToArray();
            var rule = new FulfilmentRule(
                new FulfilmentFacts(
                    sale.Epoch, sale.TermsRevision, sale.Available, sale.PerBuyerLimit, sale.Price,
                    sale.PaymentWindow),
                StandingOf(claims), found.Payments, found.HoldingsOf(sale, claims), now)
            {
                Buried = found.BuriedOf(ofSale.Key),
            };
            foreach (var verdict in ofSale.SelectMany(entry => judge(rule, entry)))
            {
                Note(sale, verdict);
                if (verdict.After is { } order)
                {
                    orders.Add(order);
                }
            }
        }

        return orders;
    }

    /// <summary>Adds the statements that write all of it.</summary>
    public void AddTo(Writes writes)
    {
        _moves.AddTo(writes);
        _changes!.AddTo(writes);
        writes.Add(_outbox.Count, OutboxRows.Insert, OutboxRows.Of(_outbox));
        if (found.Letters.Count > 0)
        {
            // What stands now is no dead letter, however it came to stand.
            writes.Add(DeadLetters.Delete, DeadLetters.OfClaims(_judged));
        }
    }

    private void Note(LockedSale sale, Verdict verdict)
    {
        if (verdict.IsUndecided)
        {
            _hasUndecided = true;
            return;
        }

        _judged.Add(verdict.Claim);
        switch (verdict)
        {
            case { Before: null, After: { Status: OrderStatus.Rejected } rejected }:
                _moves.Reject(sale, rejected, now);
                _hasNew = true;
                break;
            case { Before: null, After: { } reserved }:
                _moves.Reserve(sale, [reserved]);
                _hasNew = true;
                break;
            case { Payment: { } payment, After: { } order }:
                if (order.Status == OrderStatus.Paid)
                {
                    _moves.Admit(sale);
                }

                _changes!.Note(
                    verdict.Before, verdict.PaymentBefore, new OrderAnswer(CommandOutcome.Done, order, payment), now);
                break;
            default:
                break;
        }

        if (verdict.GivesBack)
        {
            var claim = verdict.Claim;
            _outbox.Add((sale, new Release(claim.Order, claim.Buyer, claim.Revival?.Turn ?? 0, sale.Epoch)));
        }
        else if (verdict.HasDrifted)
        {
            _outbox.Add((sale, null));
        }
    }

    private Dictionary<OrderKey, Order> StandingOf(Claim[] claims)
    {
        var standing = new Dictionary<OrderKey, Order>();
        foreach (var claim in claims)
        {
            if (found.Orders.TryGetValue(claim.Order, out var order))
            {
                standing[claim.Order.Key] = order;
            }
        }

        return standing;
    }
}
