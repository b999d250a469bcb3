using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>The reference store's side of gates that are rebuilt.</summary>
public sealed partial class InMemoryStore : IEpochs, ILostClaims, IDeadLetters
{
    private readonly List<(SaleId Sale, long Epoch, string Reason)> _raised = [];

    /// <summary>Why each epoch began.</summary>
    public IReadOnlyList<(SaleId Sale, long Epoch, string Reason)> Raised
    {
        get
        {
            lock (_lock)
            {
                return [.. _raised];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEpoch>> ReadEpochsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<SaleEpoch>>(
                [.. _sales.Values.Where(row => !row.IsOver).Select(EpochOf)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SaleEpoch?> FindEpochAsync(SaleId sale, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(_sales.TryGetValue($"{sale}", out var row) ? EpochOf(row) : (SaleEpoch?)null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<GateSnapshot?> RaiseAsync(
        SaleId sale, long from, long to, string reason, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_sales.TryGetValue($"{sale}", out var row) || row.Epoch != from)
            {
                return ValueTask.FromResult<GateSnapshot?>(null);
            }

            row.Epoch = to;
            _raised.Add((sale, row.Epoch, reason));
            foreach (var drift in _outbox.Values.Where(e => e.Sale == sale && e.HasDrifted).ToList())
            {
                _outbox.Remove(drift.Id);
            }

            var snapshot = row.Snapshot();
            var letters = _deadLetters.Where(letter => letter.Claim.Order.Sale == sale).ToList();
            var held = BuriedClaims.Hold(
                snapshot.Holdings, row.Stock.Available, row.Sale.PerBuyerLimit,
                letters.Select(letter => new BuriedClaim(
                    letter.Claim, letter.Entry.Epoch,
                    letter.Claim.Revival is { } revival ? FindPayment(revival.Payment)?.Reviving : null)));
            foreach (var letter in letters.Where(letter => held.Any(claim => letter.IsOf(claim))))
            {
                _deadLetters[_deadLetters.IndexOf(letter)] = letter with
                {
                    Entry = letter.Entry with { Epoch = row.Epoch },
                };
            }

            return ValueTask.FromResult<GateSnapshot?>(snapshot);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Order?> RejectLostAsync(
        OrderId order, BuyerId buyer, long epoch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var stands = Find(order);
            if (stands is null && _sales.TryGetValue($"{order.Sale}", out var row) && row.Epoch == epoch
                && !_deadLetters.Exists(letter => letter.Claim.Order == order))
            {
                stands = Order.Lost(order, buyer, row.Sale.Price.Currency, Clock.GetUtcNow());
                row.Add(stands, stands.CreatedAt);
                var release = new Release(order, buyer, Turn: 0, epoch);
                _outbox[++_lastOutboxEntry] = new OutboxEntry(_lastOutboxEntry, order.Sale, epoch, release);
            }

            return ValueTask.FromResult(stands);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(
        DeadLetterId? after, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<DeadLetter>>(
            [
                .. _deadLetters
                    .Select(AsLetter)
                    .OrderBy(letter => PlaceOf(letter.Id))
                    .Where(letter => after is not { } known || PlaceOf(letter.Id).CompareTo(PlaceOf(known)) > 0)
                    .Take(most),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<DeadLetter?> FindLetterAsync(DeadLetterId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(_deadLetters.Select(AsLetter).SingleOrDefault(letter => letter.Id == id));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetterId>> OverdueAsync(
        DateTimeOffset before, DeadLetterId? after, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<DeadLetterId>>(
            [
                .. _deadLetters
                    .Where(letter => letter.At < before && _sales.ContainsKey($"{letter.Entry.Sale}"))
                    .Select(letter => AsLetter(letter).Id)
                    .OrderBy(PlaceOf)
                    .Where(id => after is not { } known || PlaceOf(id).CompareTo(PlaceOf(known)) > 0)
                    .Take(most),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReplayAnswer?> ReplayAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Settle(id, (rule, entry) => rule.Judge(entry)));

    /// <inheritdoc/>
    public ValueTask<Order?> RejectAsync(DeadLetterId id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Settle(id, (rule, entry) => rule.GiveUp(entry))?.Order);

    private ReplayAnswer? Settle(
        DeadLetterId id, Func<FulfilmentRule, AdmittedBatch, IEnumerable<Verdict>> judge)
    {
        lock (_lock)
        {
            if (_deadLetters.Find(known => AsLetter(known).Id == id) is not { } letter)
            {
                return null;
            }

            if (!_sales.TryGetValue($"{id.Order.Sale}", out var row))
            {
                throw new BadClaimException($"The store has no sale '{id.Order.Sale}'.");
            }

            var now = Clock.GetUtcNow();
            var rule = row.Rule(_payments.ToDictionary(payment => payment.Id), BuriedOf(id.Order.Sale), now);
            var verdict = judge(rule, letter.Entry).Single();
            Write(row, verdict, now);
            if (verdict.IsUndecided)
            {
                return ReplayAnswer.AsksAgain(verdict.After);
            }

            _deadLetters.Remove(letter);
            return new ReplayAnswer(verdict.After);
        }
    }

    private Dictionary<DeadLetterId, long> BuriedOf(SaleId sale) => _deadLetters
        .Where(letter => letter.Entry.Sale == sale)
        .ToDictionary(letter => DeadLetterId.Of(letter.Claim), letter => letter.Entry.Epoch);

    private static DeadLetter AsLetter(BuriedEntry buried) => new(buried.Entry, buried.At, buried.Reason);

    private static (string, ulong, ulong, int) PlaceOf(DeadLetterId id) =>
        ($"{id.Order.Sale}", id.Order.Key.High, id.Order.Key.Low, id.Turn);

    private SaleEpoch EpochOf(InMemorySale row) => new(
        row.Sale.Id, row.Epoch,
        _outbox.Values.Any(e => e.Sale == row.Sale.Id && e.Epoch == row.Epoch && e.HasDrifted), row.IsOver);
}
