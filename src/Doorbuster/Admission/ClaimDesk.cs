using Doorbuster.Claims;
using Doorbuster.Fulfilment;

namespace Doorbuster.Admission;

/// <summary>
/// Where a claim comes in: it gets its order id, passes the sold-out mark, waits in its lane, and comes back with one
/// truthful answer. Safe to call any number of times with the same buyer and key: they mean one order.
/// </summary>
/// <param name="lanes">The lanes, among which sales are spread.</param>
/// <param name="ledger">Where the body of a replay is read.</param>
/// <param name="clock">The time by which a sold-out sale is still open.</param>
public sealed class ClaimDesk(Lanes lanes, ILedger ledger, TimeProvider clock)
{
    /// <summary>Claims units of a sale.</summary>
    /// <param name="listing">The sale.</param>
    /// <param name="buyer">Who claims.</param>
    /// <param name="idempotencyKey">1 to 64 visible ASCII characters; see <see cref="IdempotencyKey"/>.</param>
    /// <param name="quantity">Units, at least 1.</param>
    /// <param name="cancellationToken">Cancels reading a replay; a claim in its lane is not cancelled.</param>
    /// <returns>
    /// The outcome. Admitted and replayed claims come with their order, which is on disk; a replay always has one.
    /// </returns>
    /// <exception cref="StoreUnavailableException">A replayed order could not be read.</exception>
    public async ValueTask<ClaimAnswer> ClaimAsync(
        Listing listing, BuyerId buyer, string idempotencyKey, int quantity, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantity);
        var head = listing.OrderIds.Begin(buyer, idempotencyKey);
        if (listing.Mark.Refuses(head) && IsOpen(listing.Sale))
        {
            return new ClaimAnswer(Outcome.SoldOut);
        }

        var order = listing.OrderIds.Complete(head, buyer);
        var answer = await lanes.Of(listing.Sale.Id).ClaimAsync(listing, new Claim(order, buyer, quantity));
        return answer.Outcome is Outcome.Replayed or Outcome.KeyReused
            ? await ReplayAsync(order, quantity, cancellationToken) ?? ClaimAnswer.Unknown
            : answer;
    }

    /// <summary>
    /// Answers a claim that may only repeat an earlier one, because its purchase token has expired; null where no order
    /// stands under its id.
    /// </summary>
    public ValueTask<ClaimAnswer?> ReplayAsync(
        Listing listing, BuyerId buyer, string idempotencyKey, int quantity, CancellationToken cancellationToken) =>
        ReplayAsync(listing.OrderIds.Mint(buyer, idempotencyKey), quantity, cancellationToken);

    /// <summary>That a sale is paused or over comes before its being sold out; then the gate says which.</summary>
    private bool IsOpen(Sale sale) => sale.StateAt(clock.GetUtcNow()) == SaleState.Open;

    private async ValueTask<ClaimAnswer?> ReplayAsync(OrderId id, int quantity, CancellationToken cancellationToken)
    {
        var found = await ledger.FindAsync([id], cancellationToken);
        return found switch
        {
            [] => null,
            [var order] when order.Quantity == quantity => new ClaimAnswer(Outcome.Replayed, order),
            [var order, ..] => new ClaimAnswer(Outcome.KeyReused, order),
        };
    }
}
