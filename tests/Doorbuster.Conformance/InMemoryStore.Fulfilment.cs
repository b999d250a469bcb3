using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;

namespace Doorbuster.Conformance;

/// <summary>The reference store's side of a claim log: claims by the one rule, and what gates are told.</summary>
public sealed partial class InMemoryStore : IFulfilmentLedger, IOutbox
{
    private readonly SortedDictionary<long, OutboxEntry> _outbox = [];
    private readonly List<BuriedEntry> _deadLetters = [];
    private long _lastOutboxEntry;

    /// <summary>The time of transactions; the sample sales' opening unless a test says otherwise.</summary>
    public TimeProvider Clock { get; init; } = new VirtualTimeProvider(Samples.Noon);

    /// <summary>Claims that could not be written.</summary>
    public IReadOnlyList<OrderId> DeadLetters
    {
        get
        {
            lock (_lock)
            {
                return [.. _deadLetters.Select(letter => letter.Claim.Order)];
            }
        }
    }

    /// <summary>Those claims, as they came and with the epochs that they carry, the earliest first.</summary>
    public IReadOnlyList<AdmittedBatch> Letters
    {
        get
        {
            lock (_lock)
            {
                return [.. _deadLetters.Select(letter => letter.Entry)];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Order>> FulfilAsync(
        IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (entries.FirstOrDefault(entry => !_sales.ContainsKey($"{entry.Sale}")) is { } unknown)
            {
                throw new BadClaimException($"The store has no sale '{unknown.Sale}'.");
            }

            var now = Clock.GetUtcNow();
            var orders = new List<Order>();
            foreach (var ofSale in entries.GroupBy(entry => entry.Sale))
            {
                var row = _sales[$"{ofSale.Key}"];
                var rule = row.Rule(_payments.ToDictionary(payment => payment.Id), BuriedOf(ofSale.Key), now);
                foreach (var verdict in ofSale.SelectMany(rule.Judge).ToList())
                {
                    Write(row, verdict, now);
                    _deadLetters.RemoveAll(letter => !verdict.IsUndecided && letter.IsOf(verdict.Claim));
                    orders.AddRange(verdict.After is { } order ? [order] : []);
                }
            }

            return ValueTask.FromResult<IReadOnlyList<Order>>(orders);
        }
    }

    /// <inheritdoc/>
    public ValueTask BuryAsync(AdmittedBatch entry, string reason, CancellationToken cancellationToken)
    {
        var claim = entry.Claims.Single();
        lock (_lock)
        {
            var known = _deadLetters.FindIndex(letter => letter.IsOf(claim));
            if (known >= 0 && _deadLetters[known].Entry.Epoch < entry.Epoch)
            {
                _deadLetters[known] = _deadLetters[known] with { Entry = entry, Reason = reason };
            }
            else if (known < 0 && (claim.Revival is not null || Find(claim.Order) is null))
            {
                _deadLetters.Add(new BuriedEntry(entry, reason, Clock.GetUtcNow()));
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OutboxEntry>> ReadAsync(
        long after, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<OutboxEntry>>(
                [.. _outbox.Values.Where(entry => entry.Id > after).Take(most).Select(AsItIsNow)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(IReadOnlyCollection<long> entries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                _outbox.Remove(entry);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Write(InMemorySale row, Verdict verdict, DateTimeOffset now)
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

        if (verdict.GivesBack || verdict.HasDrifted)
        {
            var claim = verdict.Claim;
            Release? release = verdict.GivesBack
                ? new Release(claim.Order, claim.Buyer, claim.Revival?.Turn ?? 0, row.Epoch)
                : null;
            _outbox[++_lastOutboxEntry] = new OutboxEntry(_lastOutboxEntry, claim.Order.Sale, row.Epoch, release);
        }
    }

    /// <summary>A claim that could not be written, as it came.</summary>
    private sealed record BuriedEntry(AdmittedBatch Entry, string Reason, DateTimeOffset At)
    {
        public Claim Claim => Entry.Claims[0];

        public bool IsOf(in Claim claim) => claim.Order == Claim.Order && claim.Revival?.Turn == Claim.Revival?.Turn;
    }
}
