using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;

namespace Doorbuster.Simulation.Storage;

/// <content>
/// What is on disk where several nodes share the store: what gates have admitted becomes orders here, what gates are to
/// be told waits here, and the epoch of each sale is this one's.
/// </content>
internal sealed partial class DurableStore
{
    private readonly SortedDictionary<long, OutboxEntry> _outbox = [];
    private readonly List<DeadLetter> _letters = [];
    private long _lastEntry;

    /// <summary>Whether nodes share it, so that gates hear of changes by the outbox.</summary>
    public bool IsShared { get; init; }

    /// <summary>What gates are still to be told.</summary>
    public int Untold => _outbox.Count;

    /// <summary>Claims that could not be written, the earliest first.</summary>
    public IReadOnlyList<DeadLetter> Letters => _letters;

    /// <summary>Makes of every claim an order or a rejection, or finds that it stands.</summary>
    /// <exception cref="BadClaimException">One of them is of a sale that there is not; nothing was written.</exception>
    public IReadOnlyList<Order> Fulfil(IReadOnlyList<AdmittedBatch> entries, DateTimeOffset now)
    {
        if (entries.FirstOrDefault(entry => Find(entry.Sale) is null) is { } unknown)
        {
            throw new BadClaimException($"The store has no sale '{unknown.Sale}'.");
        }

        return Judge(entries, now, (rule, entry) => rule.Judge(entry));
    }

    /// <summary>A claim that cannot be written waits to be seen to, unless it stands.</summary>
    public void Bury(AdmittedBatch entry, string reason, DateTimeOffset now)
    {
        var claim = entry.Claims[0];
        var known = _letters.FindIndex(letter => letter.Id == DeadLetterId.Of(claim));
        if (known >= 0 && _letters[known].Entry.Epoch < entry.Epoch)
        {
            Version++;
            _letters[known] = _letters[known] with { Entry = entry, Reason = reason };
        }
        else if (known < 0 && (claim.Revival is not null || Find(claim.Order) is null))
        {
            Version++;
            _letters.Add(new DeadLetter(entry, now, reason));
        }
    }

    /// <summary>Tries a dead letter again, under the epoch that it carries now.</summary>
    /// <exception cref="BadClaimException">The store has no such sale.</exception>
    public ReplayAnswer? Replay(DeadLetterId id, DateTimeOffset now) =>
        Settle(id, now, (rule, entry) => rule.Judge(entry));

    /// <summary>Gives a dead letter up.</summary>
    /// <exception cref="BadClaimException">The store has no such sale.</exception>
    public Order? GiveUp(DeadLetterId id, DateTimeOffset now) =>
        Settle(id, now, (rule, entry) => rule.GiveUp(entry))?.Order;

    public IReadOnlyList<OutboxEntry> ReadOutbox(long after, int most) =>
        [.. _outbox.Values.Where(entry => entry.Id > after).Take(most).Select(AsItIsNow)];

    public void DeleteFromOutbox(IReadOnlyCollection<long> entries)
    {
        foreach (var entry in entries)
        {
            _outbox.Remove(entry);
        }
    }

    public SaleEpoch EpochOf(DurableSale row) => new(
        row.Sale.Id, row.Epoch,
        _outbox.Values.Any(e => e.Sale == row.Sale.Id && e.Epoch == row.Epoch && e.HasDrifted), row.IsOver);

    /// <summary>The sale, where it is closed and nothing of it waits; null otherwise.</summary>
    public DurableSale? Endable(SaleId sale) =>
        Find(sale) is { IsOver: false, Sale.Mode: SaleMode.Closed } row
        && !_letters.Exists(letter => letter.Entry.Sale == sale)
            ? row
            : null;

    /// <summary>Notes that a sale's gate is gone for good.</summary>
    public bool End(SaleId sale, long epoch)
    {
        if (Endable(sale) is not { } row || row.Epoch != epoch)
        {
            return Find(sale) is { IsOver: true } known && known.Epoch == epoch + 1;
        }

        Version++;
        row.IsOver = true;
        row.Epoch++;
        DeleteFromOutbox([.. _outbox.Values.Where(entry => entry.Sale == sale).Select(entry => entry.Id)]);
        return true;
    }

    /// <summary>Raises a sale's epoch, and takes what its gate is opened with.</summary>
    public GateSnapshot? Raise(SaleId sale, long from, long to)
    {
        if (Find(sale) is not { } row || row.Epoch != from)
        {
            return null;
        }

        Version++;
        row.Epoch = to;
        DeleteFromOutbox([.. _outbox.Values.Where(e => e.Sale == sale && e.HasDrifted).Select(e => e.Id)]);
        var snapshot = row.Snapshot();
        var letters = _letters.FindAll(letter => letter.Entry.Sale == sale);
        var held = BuriedClaims.Hold(
            snapshot.Holdings, row.Stock.Available, row.Sale.PerBuyerLimit,
            letters.Select(letter => letter.Entry).Select(entry => new BuriedClaim(
                entry.Claims[0], entry.Epoch,
                entry.Claims[0].Revival is { } revival ? Find(revival.Payment)?.Reviving : null)));
        foreach (var letter in letters.Where(letter => held.Any(claim => DeadLetterId.Of(claim) == letter.Id)))
        {
            _letters[_letters.IndexOf(letter)] = letter with { Entry = letter.Entry with { Epoch = to } };
        }

        return snapshot;
    }

    /// <summary>Makes a rejection of a claim that nobody knows.</summary>
    public Order? RejectLost(OrderId order, BuyerId buyer, long epoch, DateTimeOffset now)
    {
        var stands = Find(order);
        if (stands is null && Find(order.Sale) is { } row && row.Epoch == epoch
            && !_letters.Exists(letter => letter.Id.Order == order))
        {
            Version++;
            stands = Order.Lost(order, buyer, row.Sale.Price.Currency, now);
            row.Add(stands, now);
            Tell(row, new Release(order, buyer, Turn: 0, epoch));
        }

        return stands;
    }

    private ReplayAnswer? Settle(
        DeadLetterId id, DateTimeOffset now, Func<FulfilmentRule, AdmittedBatch, IEnumerable<Verdict>> judge)
    {
        if (_letters.Find(letter => letter.Id == id) is not { } letter)
        {
            return null;
        }

        if (Find(id.Order.Sale) is null)
        {
            throw new BadClaimException($"The store has no sale '{id.Order.Sale}'.");
        }

        var order = Judge([letter.Entry], now, judge) is [var found] ? found : null;
        return IsBuried(id) ? ReplayAnswer.AsksAgain(order) : new ReplayAnswer(order);
    }

    private Dictionary<DeadLetterId, long> BuriedOf(SaleId sale) => _letters
        .Where(letter => letter.Id.Order.Sale == sale)
        .ToDictionary(letter => letter.Id, letter => letter.Entry.Epoch);

    private bool IsBuried(DeadLetterId id) => _letters.Exists(letter => letter.Id == id);

    private List<Order> Judge(
        IReadOnlyList<AdmittedBatch> entries, DateTimeOffset now,
        Func<FulfilmentRule, AdmittedBatch, IEnumerable<Verdict>> judge)
    {
        Version++;
        var orders = new List<Order>();
        foreach (var ofSale in entries.GroupBy(entry => entry.Sale))
        {
            var row = Find(ofSale.Key)!;
            var asked = ofSale.SelectMany(entry => entry.Claims).Where(claim => claim.Revival is not null)
                .Select(claim => Find(claim.Revival!.Payment)).OfType<Payment>()
                .DistinctBy(payment => payment.Id).ToDictionary(payment => payment.Id);
            var rule = row.Rule(asked, BuriedOf(ofSale.Key), now);
            foreach (var verdict in ofSale.SelectMany(entry => judge(rule, entry)).ToList())
            {
                Write(row, verdict, now);
                _letters.RemoveAll(
                    letter => !verdict.IsUndecided && letter.Id == DeadLetterId.Of(verdict.Claim));
                orders.AddRange(verdict.After is { } order ? [order] : []);
            }
        }

        return orders;
    }

    private void Write(DurableSale row, Verdict verdict, DateTimeOffset now)
    {
        if (verdict is { Before: null, After: { } made })
        {
            row.Add(made, now);
        }
        else if (verdict is { Payment: { } payment, After: { } decided })
        {
            if (decided.Status == OrderStatus.Paid)
            {
                row.Admit();
            }

            Write(verdict.Before, verdict.PaymentBefore, new OrderAnswer(CommandOutcome.Done, decided, payment), now);
        }

        var claim = verdict.Claim;
        if (verdict.GivesBack)
        {
            Tell(row, new Release(claim.Order, claim.Buyer, claim.Revival?.Turn ?? 0, row.Epoch));
        }
        else if (verdict.HasDrifted)
        {
            Tell(row, null);
        }
    }

    /// <summary>The gate is told of an order that has ended.</summary>
    private void TellOfEnd(Order? before, Order? after)
    {
        if (IsShared && before is { Held: > 0 } && after is { Held: 0 })
        {
            var row = Find(after.Id.Sale)!;
            Tell(row, new Release(after.Id, after.Buyer, Turn: 0, row.Epoch));
        }
    }

    private SaleChangeAnswer TellOfTerms(DurableSale row, SaleChangeAnswer answer)
    {
        if (!IsShared)
        {
            return answer;
        }

        if (answer.Outcome == SaleChangeOutcome.Done)
        {
            Tell(row, null, answer.Sale);
        }

        return answer with { Epoch = row.Epoch };
    }

    private void Tell(DurableSale row, Release? release, Sale? terms = null) => _outbox.Add(
        ++_lastEntry, new OutboxEntry(_lastEntry, row.Sale.Id, row.Epoch, release) { Terms = terms });

    /// <summary>Terms are read when the entry is.</summary>
    private OutboxEntry AsItIsNow(OutboxEntry entry) =>
        entry.Terms is not null && Find(entry.Sale) is { } row
            ? entry with { Terms = row.Sale, Epoch = row.Epoch }
            : entry;
}
