using System.Runtime.CompilerServices;
using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Telemetry;

namespace Doorbuster.Admission;

/// <summary>
/// Where a claim comes in: it gets its order id, passes the sold-out mark, waits in its lane, and comes back with one
/// truthful answer. Safe to call any number of times with the same buyer and key: they mean one order.
/// </summary>
/// <param name="lanes">The lanes, among which sales are spread.</param>
/// <param name="ledger">Where the body of a replay is read.</param>
/// <param name="clock">The time by which a sold-out sale is still open.</param>
/// <param name="instruments">Count claims refused here; nothing is counted where null.</param>
/// <param name="isQueued">Whether what the gate admits is queued, and the store has it later.</param>
/// <param name="marks">Asks a shared gate before a mark refuses; null where the gate is this node's own.</param>
public sealed class ClaimDesk(
    Lanes lanes, ILedger ledger, TimeProvider clock, Instruments? instruments = null, bool isQueued = false,
    SharedMarks? marks = null)
{
    /// <summary>Raised for a claim of a sale that is listed and has no gate.</summary>
    public event Action<SaleId>? GateMissed;

    /// <summary>Raised when a buyer is told that a claim is queued.</summary>
    public event Action<Claim>? Queued;

    /// <summary>Claims units of a sale.</summary>
    /// <param name="listing">The sale.</param>
    /// <param name="buyer">Who claims.</param>
    /// <param name="idempotencyKey">1 to 64 visible ASCII characters; see <see cref="IdempotencyKey"/>.</param>
    /// <param name="quantity">Units, at least 1.</param>
    /// <param name="cancellationToken">Cancels reading a replay; a claim in its lane is not cancelled.</param>
    /// <returns>
    /// The outcome. Admitted and replayed claims come with their order, which is on disk, or queued; a replay always
    /// has one.
    /// </returns>
    /// <exception cref="StoreUnavailableException">A replayed order could not be read.</exception>
    public ValueTask<ClaimAnswer> ClaimAsync(
        Listing listing, BuyerId buyer, string idempotencyKey, int quantity, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantity);
        var head = listing.OrderIds.Begin(buyer, idempotencyKey);

        // In this order: a claim that leaves its lane meanwhile is one that the mark knows.
        var isUnderWay = lanes.Of(listing.Sale.Id).MayHave(head);
        if (!isUnderWay && listing.Mark.Refuses(head, buyer) && IsFirstReason(listing.Sale, quantity))
        {
            return ValueTask.FromResult(RefuseAsSoldOut(listing));
        }

        if (!isUnderWay && marks?.Refuses(listing, head, buyer) is { } view && IsFirstReason(listing.Sale, quantity))
        {
            return RefuseIfStillAsync(listing, view, head, buyer, quantity, cancellationToken);
        }

        var order = listing.OrderIds.Complete(head, buyer);
        return DecideAsync(listing, new Claim(order, buyer, quantity), cancellationToken);
    }

    /// <summary>
    /// Answers a claim that may only repeat an earlier one, because its purchase token has expired. It goes through the
    /// lane like any other: the claim that it repeats may still be on its way.
    /// </summary>
    /// <returns>What <see cref="ClaimAsync"/> returns, or <see cref="Outcome.TokenExpired"/>.</returns>
    /// <exception cref="StoreUnavailableException">A replayed order could not be read.</exception>
    public ValueTask<ClaimAnswer> ReplayAsync(
        Listing listing, BuyerId buyer, string idempotencyKey, int quantity, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantity);
        var order = listing.OrderIds.Mint(buyer, idempotencyKey);
        return DecideAsync(listing, new Claim(order, buyer, quantity, IsReplay: true), cancellationToken);
    }

    /// <summary>A mark of a shared gate refuses only with the gate's own word, given after the claim came.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ClaimAnswer> RefuseIfStillAsync(
        Listing listing, StockView view, OrderHead head, BuyerId buyer, int quantity,
        CancellationToken cancellationToken)
    {
        var said = await marks!.LookAsync(listing.Sale.Id);
        if (said == view && said.Epoch >= listing.StoreEpoch)
        {
            return RefuseAsSoldOut(listing);
        }

        if (said is not null)
        {
            listing.Mark.See(said);
        }

        var order = listing.OrderIds.Complete(head, buyer);
        return await DecideAsync(listing, new Claim(order, buyer, quantity), cancellationToken);
    }

    private ClaimAnswer RefuseAsSoldOut(Listing listing)
    {
        listing.Claims.Count(Outcome.SoldOut);
        instruments?.Claims.Count(Outcome.SoldOut);
        return new ClaimAnswer(Outcome.SoldOut);
    }

    // Nearly every claim waits here for its lane, so what keeps its place is used again.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ClaimAnswer> DecideAsync(
        Listing listing, Claim claim, CancellationToken cancellationToken)
    {
        var answer = await lanes.Of(listing.Sale.Id).ClaimAsync(listing, claim);
        if (answer.Outcome == Outcome.SaleUnknown)
        {
            GateMissed?.Invoke(listing.Sale.Id);
        }

        return answer.Outcome is Outcome.Replayed or Outcome.KeyReused
            ? await ReadReplayAsync(listing, claim, answer, cancellationToken)
            : answer is { Outcome: Outcome.Admitted, Order: null }
            ? Queue(listing, claim, answer)
            : answer;
    }

    private ClaimAnswer Queue(Listing listing, in Claim claim, ClaimAnswer answer)
    {
        Queued?.Invoke(claim);
        return answer with { Order = Order.Queue(listing.Sale, claim.Order, claim.Buyer, claim.Quantity) };
    }

    private async ValueTask<ClaimAnswer> ReadReplayAsync(
        Listing listing, Claim claim, ClaimAnswer answer, CancellationToken cancellationToken)
    {
        var found = await ledger.FindAsync([claim.Order], cancellationToken);
        return found switch
        {
            [] when answer.Outcome == Outcome.Replayed && isQueued => Queue(listing, claim, answer),
            [] => isQueued ? answer : ClaimAnswer.Unknown,
            [var order] when IsSame(order, claim) => new ClaimAnswer(Outcome.Replayed, order),
            [var order, ..] => new ClaimAnswer(Outcome.KeyReused, order),
        };
    }

    /// <summary>What was lost with its gate says nothing of its quantity, so that any is the same.</summary>
    private static bool IsSame(Order order, in Claim claim) => order.Quantity == claim.Quantity || order.Quantity == 0;

    /// <summary>
    /// Whether sold-out comes first among the reasons to refuse: not where the sale is paused or over, or where the
    /// claim is above the limit. Then the gate says which.
    /// </summary>
    private bool IsFirstReason(Sale sale, int quantity) =>
        quantity <= sale.PerBuyerLimit && sale.StateAt(clock.GetUtcNow()) == SaleState.Open;
}
