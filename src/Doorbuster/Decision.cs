namespace Doorbuster;

/// <summary>
/// The one rule: which claims of one sale get units. Every gate and every store asks this function, or is held equal to
/// it by property tests. It reads and writes nothing but what it is given.
/// </summary>
public static class Decision
{
    /// <summary>
    /// Decides a batch of one sale's claims, in the order given; each sees what those before it were granted.
    /// </summary>
    /// <param name="sale">The sale; null where it has no gate.</param>
    /// <param name="judge">Who judges, and when.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="holdings">
    /// The batch's buyers with all their orders, which include every order that stands under a claim's id, because an
    /// id is bound to its buyer. What is admitted is added here.
    /// </param>
    /// <param name="outcomes">One outcome a claim, at the claim's place.</param>
    /// <returns>Units granted in all.</returns>
    public static long Decide(
        SaleFacts? sale,
        Judge judge,
        ReadOnlySpan<Claim> claims,
        Holdings holdings,
        Span<Outcome> outcomes)
    {
        if (sale is not { } facts)
        {
            for (var i = 0; i < claims.Length; i++)
            {
                outcomes[i] = Outcome.SaleUnknown;
            }

            return 0;
        }

        var available = facts.Available;
        for (var i = 0; i < claims.Length; i++)
        {
            var claim = claims[i];
            outcomes[i] = DecideOne(facts, judge, available, holdings.Of(claim.Buyer), claim);
            if (outcomes[i] == Outcome.Admitted)
            {
                available -= claim.Quantity;
                Take(holdings, claim);
            }
        }

        return facts.Available - available;
    }

    private static void Take(Holdings holdings, in Claim claim)
    {
        var turn = claim.Revival?.Turn ?? 0;
        if (turn == 0 || !holdings.Hold(claim.Buyer, claim.Order.Key, claim.Quantity, turn))
        {
            holdings.Add(claim.Buyer, new HeldOrder(claim.Order.Key, claim.Quantity, turn));
        }
    }

    private static Outcome DecideOne(
        in SaleFacts sale, in Judge judge, long available, in BuyerOrders buyer, in Claim claim)
    {
        if (claim.Revival is not null)
        {
            // Its window, its key and the count of its orders were judged when it was a buyer's claim. What once held
            // units under this turn or a later one has asked before, whatever became of them.
            return buyer.TryFind(claim.Order.Key, out var held)
                && (held.Quantity > 0 || held.Turn >= claim.Revival.Turn)
                    ? Outcome.Replayed
                    : judge.Epoch is { } carried && carried != sale.Epoch ? Outcome.StaleEpoch
                    : Room(sale, available, buyer, claim);
        }

        if (buyer.TryFind(claim.Order.Key, out var standing))
        {
            // An ended order holds nothing; what it once asked for is the store's to compare.
            var sameQuantity = standing.Quantity == claim.Quantity || standing.Quantity == 0;
            return sameQuantity ? Outcome.Replayed : Outcome.KeyReused;
        }

        return claim.IsReplay ? Outcome.TokenExpired
            : judge.Epoch is { } epoch && epoch != sale.Epoch ? Outcome.StaleEpoch
            : Window(sale, judge) is { } shut ? shut
            : buyer.Count >= sale.OrdersPerBuyer ? Outcome.BuyerLimit
            : Room(sale, available, buyer, claim);
    }

    private static Outcome Room(in SaleFacts sale, long available, in BuyerOrders buyer, in Claim claim) =>
        (long)buyer.Held + claim.Quantity > sale.PerBuyerLimit ? Outcome.BuyerLimit
        : available <= 0 ? Outcome.SoldOut
        : available < claim.Quantity ? Outcome.Insufficient
        : Outcome.Admitted;

    private static Outcome? Window(in SaleFacts sale, in Judge judge) =>
        judge.Now is not { } now ? null
        : now < sale.OpensAt && sale.Mode != SaleMode.Closed ? Outcome.NotOpen
        : sale.Mode == SaleMode.Paused ? Outcome.Paused
        : sale.Mode == SaleMode.Closed || now >= sale.ClosesAt ? Outcome.Closed
        : judge.IsFull ? Outcome.Busy
        : null;
}
