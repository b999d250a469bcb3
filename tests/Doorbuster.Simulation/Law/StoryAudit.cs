using System.Runtime.InteropServices;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Law;

/// <summary>
/// I4: whatever anybody is told is consistent with one truth. Nobody who holds an order is told that they do not; what
/// is told has happened, and was not undone; the same key is the same order, on every way and after every crash.
/// </summary>
internal sealed class StoryAudit(Auditor auditor, Agenda agenda)
{
    private const string Law = "I4 everyone is told the truth";

    /// <summary>
    /// How long a node may not have heard of an epoch: it looks four times a second, where its reads do not fail.
    /// </summary>
    private static readonly TimeSpan Hearsay = TimeSpan.FromSeconds(2);

    private readonly Dictionary<OrderId, int> _known = [];
    private readonly Dictionary<OrderId, Attempt> _attempts = [];
    private readonly Dictionary<SaleId, SaleStory> _sales = [];

    /// <summary>What was told to be queued, with the attempt; it must come to an end.</summary>
    private readonly Dictionary<OrderId, Attempt?> _queued = [];

    /// <summary>What was told of a sale.</summary>
    public SaleStory Of(SaleId sale) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_sales, sale, out _) ??= new SaleStory();

    /// <summary>A claim is sent.</summary>
    public Ask Claims(Attempt attempt)
    {
        attempt.UnderWay++;
        if (attempt.FirstSentAt < 0)
        {
            attempt.FirstSentAt = agenda.Steps;
        }

        var known = attempt.Order is { } order ? _known.GetValueOrDefault(order) : 0;
        attempt.SharedAt = attempt.UnderWay > 1 ? agenda.Steps : attempt.SharedAt;
        return new Ask(attempt, agenda.Steps, known);
    }

    /// <summary>Something is asked about an order.</summary>
    public Ask AsksAbout(OrderId order) => new(null, agenda.Steps, _known.GetValueOrDefault(order));

    /// <summary>A claim was answered, or nobody answered.</summary>
    public void ClaimTold(in Ask ask, Reply? reply)
    {
        var attempt = ask.Attempt!;
        attempt.UnderWay--;
        attempt.IsOpen = reply is null || reply.SaysNothing;
        if (reply is null)
        {
            attempt.IsLoose = true;
            auditor.Reach(Branch.AnswerNeverCame);
        }
        else if ((reply.Order ?? reply.Rejected) is { } sheet)
        {
            OrderOfClaimTold(ask, attempt, reply.Status, sheet);
        }
        else
        {
            RefusalTold(ask, attempt, reply);
        }
    }

    /// <summary>An order was shown to its buyer, on whatever way.</summary>
    public void Told(in Ask ask, BuyerId buyer, OrderSheet sheet)
    {
        if (sheet.Status == OrderStatus.Queued)
        {
            ToldQueued(ask, buyer, sheet);
            return;
        }

        if (auditor.Truth.Find(sheet.Id) is not { } order)
        {
            auditor.Break(Law, $"{buyer} was told of {sheet}, and there is no such order.");
            return;
        }

        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, sheet.Id, out _);
        if (order.Row.Buyer != buyer)
        {
            auditor.Break(Law, $"{buyer} was told of {sheet}, which is {order.Row.Buyer}'s.");
        }
        else if ((sheet.Quantity, sheet.Amount) != (order.Row.Quantity, order.Row.Amount)
            || !order.WasEver(sheet.Revision, sheet.Status))
        {
            auditor.Break(Law, $"{buyer} was told of {sheet}; it is {OrderSheet.Of(order.Row)}.");
        }
        else if (sheet.Revision < ask.Known)
        {
            auditor.Break(Law, $"{buyer} was told of {sheet}, and had been told revision {ask.Known} before.");
        }

        if (known == 0 && _queued.ContainsKey(sheet.Id))
        {
            auditor.Reach(
                sheet.Status == OrderStatus.Rejected ? Branch.QueuedWasRejected : Branch.QueuedBecameOrder);
        }

        known = Math.Max(known, sheet.Revision);
    }

    /// <summary>Whatever was told to be queued has ended in one state that its buyer can be told.</summary>
    public void CheckSettled()
    {
        foreach (var (id, attempt) in _queued)
        {
            if (auditor.Truth.Find(id) is not { } order)
            {
                auditor.Break(Law, $"{OrderSheet.Short(id)} was queued, and never became anything.");
            }
            else if (attempt is { IsAfterShut: true } && order.Row.Status != OrderStatus.Rejected)
            {
                auditor.Break(
                    Law, $"{attempt.Buyer} got {OrderSheet.Of(order.Row)}, asked for when the sale was shut.");
            }
        }
    }

    /// <summary>Somebody was told that there is no such order.</summary>
    public void ToldOfNone(in Ask ask, BuyerId buyer, OrderId id)
    {
        if (auditor.Truth.Find(id) is { } order && order.Row.Buyer == buyer && order.BornAt < ask.SentAt)
        {
            auditor.Break(Law, $"{buyer} was told that there is no {OrderSheet.Of(order.Row)}.");
        }
        else if (_queued.ContainsKey(id))
        {
            auditor.Break(Law, $"{buyer} was told that there is no {OrderSheet.Short(id)}, which was queued.");
        }
    }

    /// <summary>Somebody was refused because an order is in some state.</summary>
    public void ToldState(OrderId id, string problem, OrderStatus status)
    {
        if (status == OrderStatus.Queued && auditor.Cluster is not null)
        {
            return;
        }

        if (auditor.Truth.Find(id) is not { } order || !order.WasEver(status)
            || (problem == "order-not-cancellable" && status is OrderStatus.Reserved or OrderStatus.Cancelled))
        {
            auditor.Break(Law, $"{problem}: {OrderSheet.Short(id)} was never {status}, or that is no reason.");
        }
    }

    private void OrderOfClaimTold(in Ask ask, Attempt attempt, int status, OrderSheet sheet)
    {
        if (attempt.Order is { } known && known != sheet.Id)
        {
            auditor.Break(Law, $"{attempt.Buyer} has two orders under key {attempt.Key}: {known} and {sheet.Id}.");
        }

        if (!_attempts.TryAdd(sheet.Id, attempt) && _attempts[sheet.Id] != attempt)
        {
            auditor.Break(Law, $"{sheet} answers two claims: {attempt} and {_attempts[sheet.Id]}.");
        }

        var isKnown = sheet is not { Status: OrderStatus.Rejected, Quantity: 0 };
        if ((isKnown && sheet.Quantity != attempt.Quantity) || sheet.Id.Sale != attempt.Sale)
        {
            auditor.Break(Law, $"{attempt.Buyer} claimed {attempt} and was told of {sheet}.");
        }

        Told(ask, attempt.Buyer, sheet);
        if (sheet.Status == OrderStatus.Queued)
        {
            NoteQueued(attempt, sheet);
        }

        if (status == 201)
        {
            CheckAdmission(ask, attempt, sheet);
        }

        var wasHeardOf = attempt.Order is not null;
        attempt.Order = sheet.Id;
        if (!wasHeardOf && auditor.Truth.Find(sheet.Id) is { } order && !IsLost(sheet.Id))
        {
            CheckRefusals(attempt, order);
        }
    }

    /// <summary>
    /// Whether it was lost with its gate, or surfaced after that one was opened anew and was rejected, so that no gate
    /// knows it until it is told (ADR 0009).
    /// </summary>
    private bool IsLost(OrderId order) =>
        auditor.Truth.Find(order)?.Row is { Rejection: { } reason }
        && (reason == RejectionReason.AdmissionLost || auditor.Cluster?.Redis.Book.MayHaveLost(order) == true);

    /// <summary>
    /// Whether the one gate knew of no order that the other had taken: some node talked to an old primary since; or to
    /// the new one, after another had rebuilt the gate at the old one, and before the store's epoch was heard of (F05).
    /// </summary>
    private bool MayBeUnknown(in Ask ask, SaleId sale) =>
        auditor.Cluster is { } cluster
        && (cluster.Redis.SplitAt >= ask.SentAt
            || (auditor.Truth.Find(sale) is { } known && agenda.Now - known.EpochSince < Hearsay.Ticks
                && cluster.Redis.WasBehind(sale, ask.SentAt)));

    /// <summary>
    /// Queued is what an order is before it is anything else; only an old primary, which does not know it, could say so
    /// of one that was told to be more.
    /// </summary>
    private void ToldQueued(in Ask ask, BuyerId buyer, OrderSheet sheet)
    {
        _queued.TryAdd(sheet.Id, null);
        if (auditor.Cluster is null)
        {
            auditor.Break(Law, $"{buyer} was told of {sheet}, where nothing is queued.");
        }
        else if (auditor.Truth.Find(sheet.Id) is { } order && order.Row.Buyer != buyer)
        {
            auditor.Break(Law, $"{buyer} was told of {sheet}, which is {order.Row.Buyer}'s.");
        }
        else if (ask.Known > 0 && !MayBeUnknown(ask, sheet.Id.Sale) && !IsLost(sheet.Id))
        {
            auditor.Break(Law, $"{buyer} was told of {sheet}, and had been told revision {ask.Known} before.");
        }
    }

    private void NoteQueued(Attempt attempt, OrderSheet sheet)
    {
        _queued[sheet.Id] = attempt;
        attempt.QueuedAt ??= agenda.Steps;
        if (Of(attempt.Sale).IsShutSince is { } shut && attempt.FirstSentAt > shut)
        {
            attempt.IsAfterShut = true;
        }
        else if (auditor.Cluster?.Redis.Book.MayHaveLost(sheet.Id) == true)
        {
            // What an older gate took was lost, and asked for again when the sale was open: a new claim (ADR 0009).
            attempt.IsAfterShut = false;
        }
    }

    private void CheckAdmission(in Ask ask, Attempt attempt, OrderSheet sheet)
    {
        if (auditor.Cluster?.Redis.Book.MayHaveLost(sheet.Id) == true)
        {
            // A gate that has forgotten the order admits it again, and the store finds it standing.
            return;
        }

        // An old primary admits what it does not know, and the store finds it standing.
        if (attempt.WasAdmitted && !(auditor.Cluster?.Redis.Book.ElsewhereAt(sheet.Id) >= ask.SentAt))
        {
            auditor.Break(Law, $"{attempt.Buyer} was told twice that a new order was made of {attempt}.");
        }

        attempt.WasAdmitted = true;
        if (Of(attempt.Sale) is { IsShutSince: { } shut } && ask.SentAt > shut)
        {
            auditor.Break(Law, $"{attempt.Buyer} got {sheet} although an operator was told that the sale is shut.");
        }
    }

    private void RefusalTold(in Ask ask, Attempt attempt, Reply reply)
    {
        if (reply.Problem is "outcome-unknown")
        {
            // A gate that nodes share may still run what its caller has given up.
            attempt.IsLoose |= auditor.Site is not null;
            return;
        }

        if (MayBeUnknown(ask, attempt.Sale))
        {
            // What came of it before, the store has.
            return;
        }

        if (attempt.QueuedAt < ask.SentAt && reply.Problem != "busy"
            && auditor.Cluster?.Redis.Book.MayHaveLost(attempt.Order!.Value) == false)
        {
            auditor.Break(Law, $"{attempt.Buyer} claimed {attempt}, which was queued, and was told {reply.Problem}.");
        }

        if (reply.Status is not (403 or 404 or 409 or 422 or 503))
        {
            auditor.Break(Law, $"{attempt.Buyer} claimed {attempt} and was told {reply}.");
        }

        var wasAlone = attempt.SharedAt < ask.SentAt && !attempt.IsLoose;
        attempt.Refusals.Add((ask.SentAt, agenda.Steps, reply.Problem!, wasAlone));
        if (attempt.Order is { } id && auditor.Truth.Find(id) is { } order && !IsLost(id))
        {
            CheckRefusals(attempt, order);
        }

        if (auditor.Truth.Find(attempt.Sale) is { } sale && !CouldBe(reply, attempt, sale))
        {
            auditor.Break(Law, $"{attempt.Buyer} claimed {attempt} and was told {reply.Problem}, which it never was.");
        }
    }

    /// <summary>
    /// Whoever held the order before the claim was sent must have been told of it; and a claim that was alone made no
    /// order where it was refused, unless it was queued already and is only now in the store.
    /// </summary>
    private void CheckRefusals(Attempt attempt, OrderTruth order)
    {
        foreach (var (asked, told, problem, wasAlone) in attempt.Refusals)
        {
            var held = order.BornAt < asked && problem != "busy";
            var became = wasAlone && order.BornAt > asked && order.BornAt < told && !(attempt.QueuedAt < asked);
            if (problem != "sale-not-found" && (held || became))
            {
                auditor.Break(
                    Law,
                    $"{attempt.Buyer} claimed {attempt} and was told {problem}; {OrderSheet.Short(order.Row.Id)} "
                    + (held ? "stood under that key." : "came of it."));
            }
        }

        attempt.Refusals.Clear();
    }

    /// <summary>
    /// Whether a reason to refuse ever was one. Units are given back in the store before the gate, and while faults
    /// strike that may be long before; so all that is certain is that what was never taken cannot be missing.
    /// </summary>
    private bool CouldBe(Reply reply, Attempt attempt, SaleTruth sale)
    {
        var (taken, orders, units) = EverTaken(attempt, sale);
        return reply.Problem switch
        {
            "sold-out" => taken >= sale.FirstQuantity,
            "insufficient-stock" => taken + attempt.Quantity > sale.FirstQuantity,
            "buyer-limit-reached" => orders >= World.OrdersPerBuyer
                || units + attempt.Quantity > sale.Row.Sale.PerBuyerLimit,
            "sale-paused" => sale.WasPaused,
            "sale-closed" => sale.WasClosed,
            _ => true,
        };
    }

    /// <summary>
    /// Units that were ever taken of a sale, and orders and units that the buyer ever had; where nodes share a gate,
    /// those that the store will have later, or never, among them.
    /// </summary>
    private (long Taken, int Orders, int Units) EverTaken(Attempt attempt, SaleTruth sale)
    {
        if (auditor.Cluster?.Redis.Book is { } book)
        {
            var (orders, units) = book.Of(attempt.Sale, attempt.Buyer);
            return (book.UnitsOf(attempt.Sale), orders, units);
        }

        var buyer = sale.BuyerOf(attempt.Buyer);
        return (sale.EverTaken, buyer.Orders, buyer.EverTaken);
    }
}

/// <summary>What operators were told of a sale.</summary>
internal sealed class SaleStory
{
    /// <summary>
    /// The step at which an operator was told that the sale is paused or closed; null from when it goes on.
    /// </summary>
    public long? IsShutSince { get; set; }

    /// <summary>
    /// Calls for it to go on that are not answered; one that never is may still be done at any time after.
    /// </summary>
    public int OpenResumes { get; set; }

    /// <summary>Units that were added for certain, by request id.</summary>
    public Dictionary<string, int> Added { get; } = new(StringComparer.Ordinal);
}
