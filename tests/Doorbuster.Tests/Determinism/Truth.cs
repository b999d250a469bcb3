using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Determinism;

/// <summary>
/// Holds everything buyers are told against what the store has. It uses that units never come back in these worlds:
/// what was sold out once is sold out for ever.
/// </summary>
internal sealed class Truth(InMemoryStore store, TimeProvider clock, int ordersPerBuyer)
{
    private readonly Dictionary<OrderId, List<Attempt>> _underWay = [];
    private readonly Dictionary<OrderId, List<Outcome?>> _told = [];

    public Attempt Ask(Sale sale, Claim claim)
    {
        var attempt = new Attempt(sale, claim, clock.GetUtcNow());
        if (!_underWay.TryGetValue(claim.Order, out var others))
        {
            _underWay.Add(claim.Order, others = []);
        }

        others.Add(attempt);
        if (others.Count > 1)
        {
            others.ForEach(other => other.Overlapped = true);
        }

        return attempt;
    }

    public void Tell(Attempt attempt, ClaimAnswer answer)
    {
        _underWay[attempt.Claim.Order].Remove(attempt);
        if (!_told.TryGetValue(attempt.Claim.Order, out var told))
        {
            _told.Add(attempt.Claim.Order, told = []);
        }

        told.Add(answer.Outcome);
        var standing = store.Find(attempt.Claim.Order).SingleOrDefault();
        Assert.True(IsTrue(attempt, answer, standing), $"{attempt.Claim} was told {answer}; in the store: {standing}.");
    }

    /// <summary>At the end: whoever has an order was told so, or that nobody knows; and so at most once.</summary>
    public void CheckOrders(Sale sale)
    {
        foreach (var order in store.Contents(sale.Id).Orders)
        {
            var told = _told[order.Id];
            Assert.Contains(told, outcome => outcome is null or Outcome.Admitted);
            Assert.True(told.Count(outcome => outcome == Outcome.Admitted) <= 1, $"{order.Id} was admitted twice.");
        }

        Assert.All(_underWay.Values, Assert.Empty);
    }

    private bool IsTrue(Attempt attempt, ClaimAnswer answer, Order? standing) => answer.Outcome switch
    {
        null or Outcome.Busy => answer.Order is null,
        Outcome.Admitted or Outcome.Replayed => IsTheOrderAsked(attempt, answer.Order) && answer.Order == standing,
        Outcome.KeyReused => standing == answer.Order && standing!.Quantity != attempt.Claim.Quantity,
        _ => (standing is null || attempt.Overlapped) && answer.Order is null && IsTrueRefusal(attempt, answer),
    };

    private static bool IsTheOrderAsked(Attempt attempt, Order? order) =>
        order is not null
        && (order.Id, order.Buyer, order.Quantity) == (attempt.Claim.Order, attempt.Claim.Buyer, attempt.Claim.Quantity)
        && order.Amount == attempt.Sale.Price.Times(order.Quantity);

    private bool IsTrueRefusal(Attempt attempt, ClaimAnswer answer)
    {
        var (orders, stock) = store.Contents(attempt.Sale.Id);
        return answer.Outcome switch
        {
            Outcome.NotOpen => attempt.AskedAt < attempt.Sale.OpensAt,
            Outcome.Closed => clock.GetUtcNow() >= attempt.Sale.ClosesAt,
            Outcome.BuyerLimit => IsAtLimit(attempt, [.. orders.Where(order => order.Buyer == attempt.Claim.Buyer)]),
            Outcome.SoldOut => stock.Available == 0,
            Outcome.Insufficient => stock.Available <= answer.Available && answer.Available < attempt.Claim.Quantity,
            _ => false,
        };
    }

    private bool IsAtLimit(Attempt attempt, IReadOnlyList<Order> mine) =>
        mine.Count >= ordersPerBuyer
        || mine.Sum(order => order.Quantity) + attempt.Claim.Quantity > attempt.Sale.PerBuyerLimit;
}
