using Doorbuster.Dispatch;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;

namespace Doorbuster.Fulfilment;

/// <summary>
/// What becomes of a claim that a gate has admitted: asked by every store, in the transaction that writes the answer.
/// <see cref="Decision"/> decides who gets units; this says what an outcome means for a claim that was told "queued".
/// </summary>
/// <remarks>
/// Replay comes first, whatever else holds: what stands under a claim's id is its answer, however late it comes and
/// however often (F07, F10, F20). One sale's entries are judged in the order given, each claim on what those before it
/// were given.
/// </remarks>
/// <param name="sale">The sale, as its locked row has it.</param>
/// <param name="standing">The orders that stand under the claims' ids.</param>
/// <param name="payments">The payments that late money's claims name.</param>
/// <param name="holdings">
/// What the claims' buyers hold in all, the orders under the claims' ids among it; what is given is added.
/// </param>
/// <param name="now">The time of the transaction: payment windows start here.</param>
public sealed class FulfilmentRule(
    FulfilmentFacts sale, IReadOnlyDictionary<OrderKey, Order> standing,
    IReadOnlyDictionary<PaymentId, Payment> payments, Holdings holdings, DateTimeOffset now)
{
    private readonly Dictionary<OrderKey, Order> _made = [];
    private readonly Dictionary<PaymentId, Payment> _settled = [];
    private long _available = sale.Available;

    /// <summary>The epochs that the claims' dead letters carry; empty where there are none.</summary>
    public IReadOnlyDictionary<DeadLetterId, long> Buried { get; init; } = new Dictionary<DeadLetterId, long>();

    /// <summary>Judges an entry's claims, in their order.</summary>
    public IEnumerable<Verdict> Judge(AdmittedBatch entry)
    {
        foreach (var claim in entry.Claims)
        {
            yield return claim.Revival is null ? JudgeBuyers(entry, claim) : JudgeLateMoneys(entry, claim);
        }
    }

    /// <summary>
    /// Gives an entry's claims up, which nobody could write for too long: a buyer's becomes a rejection, late money
    /// goes back, and the units that a gate may hold for them are the sale's. What stands stays as it is.
    /// </summary>
    public IEnumerable<Verdict> GiveUp(AdmittedBatch entry)
    {
        foreach (var claim in entry.Claims)
        {
            var order = Find(claim.Order.Key);
            yield return claim.Revival is not null ? GiveMoneyUp(entry, claim, order)
                : order is null ? Reject(entry, claim, RejectionReason.Failed)
                : new Verdict(claim, order, order) { GivesBack = order.Held == 0 };
        }
    }

    /// <summary>
    /// Whether late money's claim is still to be decided: its order has expired, and the payment that it names asks for
    /// that order under the claim's turn.
    /// </summary>
    public static bool Asks(in Claim claim, Order? order, Payment? payment) =>
        order?.Status == OrderStatus.Expired && payment?.Reviving == claim.Revival!.Turn
        && OrderRule.OrderOf(payment.Id, payment.OrderId) == order.Id;

    private Verdict JudgeBuyers(AdmittedBatch entry, Claim claim)
    {
        if (Find(claim.Order.Key) is { } order)
        {
            // Units that a gate took for an order that has ended are the sale's.
            return new Verdict(claim, order, order) { GivesBack = order.Held == 0 };
        }

        if (HasLaterLetter(entry, claim))
        {
            return new Verdict(claim, null, null) { IsUndecided = true };
        }

        // Before the decision function, which would give the units out.
        if (entry.Epoch == sale.Epoch && entry.Revision < sale.TermsRevision)
        {
            return Reject(entry, claim, RejectionReason.TermsChanged);
        }

        return Decide(entry, claim) switch
        {
            Outcome.Admitted => Reserve(entry, claim),
            Outcome.StaleEpoch => Reject(entry, claim, RejectionReason.AdmissionLost),
            Outcome.BuyerLimit => Reject(entry, claim, RejectionReason.BuyerLimit),
            Outcome.SoldOut or Outcome.Insufficient => Reject(entry, claim, RejectionReason.NoUnitsLeft),
            var other => throw new InvalidOperationException($"No rule is written for a claim that is {other}."),
        };
    }

    /// <summary>Late money asks for units until its payment is decided; after that its units go back.</summary>
    private Verdict JudgeLateMoneys(AdmittedBatch entry, Claim claim)
    {
        var order = Find(claim.Order.Key);
        if (HasLaterLetter(entry, claim))
        {
            return new Verdict(claim, order, order) { IsUndecided = true };
        }

        if (Asks(claim, order) is not { } payment)
        {
            return new Verdict(claim, order, order) { GivesBack = GoesBack(entry, order) };
        }

        var outcome = Decide(entry, claim);
        OrderAnswer? answer = outcome switch
        {
            Outcome.Admitted => OrderRule.Revive(order!, payment, now),
            Outcome.BuyerLimit => Refuse(order!, payment, RefundReason.BuyerLimit),
            Outcome.SoldOut or Outcome.Insufficient => Refuse(order!, payment, RefundReason.NoUnitsLeft),

            // Of an older epoch: it is asked for again under the new one, which knows nothing of these units.
            _ => null,
        };
        if (answer is not { } decided)
        {
            return new Verdict(claim, order, order) { IsUndecided = true };
        }

        return Settle(claim, order!, payment, decided) with
        {
            GivesBack = outcome == Outcome.BuyerLimit,
            HasDrifted = outcome is Outcome.SoldOut or Outcome.Insufficient,
        };
    }

    /// <summary>
    /// Whether this is an old copy of a dead letter that holds units of a later gate: the letter says what becomes of
    /// the claim.
    /// </summary>
    private bool HasLaterLetter(AdmittedBatch entry, in Claim claim) =>
        Buried.TryGetValue(DeadLetterId.Of(claim), out var epoch) && epoch > entry.Epoch;

    /// <summary>The payment for whose money the claim asks, which is not decided; null where there is none.</summary>
    private Payment? Asks(in Claim claim, Order? order)
    {
        var revival = claim.Revival!;
        var payment = _settled.TryGetValue(revival.Payment, out var settled)
            ? settled
            : payments.GetValueOrDefault(revival.Payment);
        return Asks(claim, order, payment) ? payment : null;
    }

    private Verdict GiveMoneyUp(AdmittedBatch entry, Claim claim, Order? order)
    {
        var verdict = Asks(claim, order) is { } payment
            ? Settle(claim, order!, payment, Refuse(order!, payment, RefundReason.Failed))
            : new Verdict(claim, order, order);
        return verdict with { GivesBack = GoesBack(entry, order) };
    }

    /// <summary>
    /// Whether what was taken for late money that gets nothing goes back: to the gate that took it. A later one has
    /// never had those units, and those that it holds for the order may be another payment's, under a lower turn.
    /// </summary>
    private bool GoesBack(AdmittedBatch entry, Order? order) => order is { Held: 0 } && entry.Epoch == sale.Epoch;

    /// <summary>What is decided for late money stands for the claims that come after.</summary>
    private Verdict Settle(Claim claim, Order order, Payment payment, OrderAnswer decided)
    {
        _made[claim.Order.Key] = decided.Order!;
        _settled[payment.Id] = decided.Payment!;
        return new Verdict(claim, order, decided.Order) { PaymentBefore = payment, Payment = decided.Payment };
    }

    private Outcome Decide(AdmittedBatch entry, in Claim claim)
    {
        var facts = new SaleFacts(
            sale.Epoch, _available, sale.PerBuyerLimit, int.MaxValue, DateTimeOffset.MinValue, null, SaleMode.Active);
        var outcome = Outcome.SaleUnknown;
        _available -= Decision.Decide(
            facts, Doorbuster.Judge.Store(entry.Epoch), new ReadOnlySpan<Claim>(in claim), holdings,
            new Span<Outcome>(ref outcome));
        return outcome;
    }

    private Verdict Reserve(AdmittedBatch entry, Claim claim) =>
        Make(claim, Order.Reserve(claim, sale.Price, sale.PaymentWindow, entry.AdmittedAt, now));

    /// <summary>
    /// The units go back to the gate, but for those that there never were: the gate had drifted, and giving it more
    /// would not mend that.
    /// </summary>
    private Verdict Reject(AdmittedBatch entry, Claim claim, RejectionReason reason)
    {
        holdings.Add(claim.Buyer, new HeldOrder(claim.Order.Key, Quantity: 0));
        var order = new Order(
            claim.Order, claim.Buyer, claim.Quantity, sale.Price.Times(claim.Quantity), OrderStatus.Rejected,
            Revision: 1, CreatedAt: entry.AdmittedAt, ReservedAt: entry.AdmittedAt, ExpiresAt: entry.AdmittedAt)
        {
            Rejection = reason,
        };
        var hasDrifted = reason == RejectionReason.NoUnitsLeft;
        return Make(claim, order) with { GivesBack = !hasDrifted, HasDrifted = hasDrifted };
    }

    private Verdict Make(Claim claim, Order order)
    {
        _made[order.Id.Key] = order;
        return new Verdict(claim, null, order);
    }

    private OrderAnswer Refuse(Order order, Payment payment, RefundReason reason) => OrderRule.Decide(
        new OrderCommand.RefuseRevival(payment.Id, reason), order, payment, _ => false, now);

    private Order? Find(OrderKey key) =>
        _made.TryGetValue(key, out var made) ? made : standing.GetValueOrDefault(key);
}

/// <summary>What the rule must know of a sale.</summary>
/// <param name="Epoch">The store's epoch.</param>
/// <param name="TermsRevision">
/// The revision under which price, opening or limit changed last: what a gate admitted under an older one is not kept.
/// </param>
/// <param name="Available">Units nobody holds.</param>
/// <param name="PerBuyerLimit">The most units one buyer holds.</param>
/// <param name="Price">The price of one unit.</param>
/// <param name="PaymentWindow">How long a reservation waits for its payment.</param>
public readonly record struct FulfilmentFacts(
    long Epoch, long TermsRevision, long Available, int PerBuyerLimit, Money Price, TimeSpan PaymentWindow);

/// <summary>What becomes of one admitted claim; what differs between before and after is to be written.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Before">The order that stood; null where none did.</param>
/// <param name="After">The order that stands now; null where none does.</param>
public sealed record Verdict(Claim Claim, Order? Before, Order? After)
{
    /// <summary>The payment as it was, where late money asked.</summary>
    public Payment? PaymentBefore { get; init; }

    /// <summary>The payment as it is, where late money asked and was decided.</summary>
    public Payment? Payment { get; init; }

    /// <summary>Whether the units that the gate took for this claim go back to it, by the order's id.</summary>
    public bool GivesBack { get; init; }

    /// <summary>
    /// Whether nothing was decided, because the claim is of an older epoch: late money is to ask again, and a dead
    /// letter of the same name, which may hold units of the new gate, stays.
    /// </summary>
    public bool IsUndecided { get; init; }

    /// <summary>Whether the gate promised units that there were not: it is to be rebuilt.</summary>
    public bool HasDrifted { get; init; }
}
