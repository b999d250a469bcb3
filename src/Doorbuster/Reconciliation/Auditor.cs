using System.Collections.Concurrent;
using Doorbuster.Claims;

namespace Doorbuster.Reconciliation;

/// <summary>
/// Compares the ends against the law, order by order, without stopping the sale. Each end is read in one consistent
/// look and must keep the law by itself; what differs between the two may be in flight (F13), and counts only if it
/// stands unchanged beyond the longest commit.
/// </summary>
/// <param name="store">Counts the store's side.</param>
/// <param name="gate">Tells the gate's side; null where the store is the gate, and keeps the law by itself.</param>
/// <param name="clock">The time between two looks.</param>
/// <param name="longestCommit">No commit is in flight for longer than this.</param>
/// <param name="between">What is on its way between gate and store; null where they commit together.</param>
/// <param name="ended">The sales that are over, which have no gate; none where null.</param>
public sealed class Auditor(
    ISaleStore store, IGate? gate, TimeProvider clock, TimeSpan longestCommit, LogAndOutbox? between = null,
    EndedSales? ended = null)
{
    private const int MaxDifferences = 100;

    private readonly ConcurrentDictionary<SaleId, PastAudit> _last = new();

    /// <summary>What the last audit of a sale found that ended here; null where none has since the start.</summary>
    public PastAudit? LastOf(SaleId sale) => _last.GetValueOrDefault(sale);

    /// <summary>Audits one sale; null where there is none. It changes nothing and may be called at any time.</summary>
    public async Task<AuditReport?> AuditAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var report = await LookTwiceAsync(sale, cancellationToken);
        if (report is not null)
        {
            _last[sale] = new PastAudit(clock.GetUtcNow(), report);
        }

        return report;
    }

    private async Task<AuditReport?> LookTwiceAsync(SaleId sale, CancellationToken cancellationToken)
    {
        if (await LookAsync(sale, cancellationToken) is not { } first)
        {
            return null;
        }

        if (first.Suspects.Count == 0)
        {
            return first.Conclude([]);
        }

        await Task.Delay(longestCommit, clock, cancellationToken);
        var second = await LookAsync(sale, cancellationToken);
        return second?.Conclude([.. second.Suspects.Where(first.Suspects.Contains)]);
    }

    private async Task<Look?> LookAsync(SaleId sale, CancellationToken cancellationToken)
    {
        // The gate first: what it has accepted is on disk, or on its way, or on disk by the time the store is read.
        var ofGate = gate is null ? null : await gate.ReportAsync(sale, cancellationToken);
        var side = gate is null ? Side.Store : ended?.Has(sale) == true ? Side.Gone : Side.Apart;

        // Of a sale that is over nothing is on its way: what a gate that was opened late may log is never committed.
        var onTheWay = between is null || side == Side.Gone
            ? null
            : await between.ReadAsync(sale, cancellationToken);
        var ofStore = await store.ReportAsync(sale, cancellationToken);
        return ofStore is null ? null : new Look(ofStore, ofGate, onTheWay, side);
    }

    /// <summary>Where the gate is.</summary>
    private enum Side
    {
        /// <summary>Beside the store.</summary>
        Apart,

        /// <summary>It went with its sale.</summary>
        Gone,

        /// <summary>It is the store.</summary>
        Store,
    }

    /// <summary>Both ends as one look found them.</summary>
    private sealed class Look
    {
        private readonly StoreReport _store;
        private readonly GateReport? _gate;
        private readonly OnTheWay? _onTheWay;
        private readonly Side _side;
        private readonly List<string> _differences = [];

        public Look(StoreReport store, GateReport? gate, OnTheWay? onTheWay, Side side)
        {
            _store = store;
            _gate = gate;
            _onTheWay = onTheWay;
            _side = side;
            CheckStore();
            Suspects = gate is null ? [] : Compare(store.Orders, gate.Orders);
            Suspects.UnionWith(OfSums());
            if (side != Side.Apart)
            {
                // There is nothing to compare the store with.
            }
            else if (onTheWay is null)
            {
                _differences.AddRange(OfGate());
            }
            else
            {
                // A gate that is being rebuilt is neither missing nor behind for long.
                Suspects.UnionWith(OfGate());
            }
        }

        /// <summary>Differences between the two ends, which may be in flight.</summary>
        public HashSet<string> Suspects { get; }

        public AuditReport Conclude(IReadOnlyList<string> standing) =>
            new(_store.Stock.Quantity, _store.Stock.Available, _store.Stock.Reserved, _store.Stock.Sold, Queued(),
                _side == Side.Store ? _store.Stock.Available : _gate?.View.Available, _store.Epoch,
                [.. _differences.Concat(standing).Take(MaxDifferences)]);

        private void CheckStore()
        {
            Check(_store.Stock.LawHolds, $"The stock breaks the law: {_store.Stock}.");
            Check(
                _store.Reserved == _store.Stock.Reserved,
                $"Reserved orders add up to {_store.Reserved}, the stock says {_store.Stock.Reserved}.");
            Check(
                _store.Sold == _store.Stock.Sold,
                $"Paid orders add up to {_store.Sold}, the stock says {_store.Stock.Sold}.");
            Check(
                _store.HighestHolding <= _store.PerBuyerLimit,
                $"A buyer holds {_store.HighestHolding} units, the limit is {_store.PerBuyerLimit}.");
        }

        private IEnumerable<string> OfGate()
        {
            if (_gate is null)
            {
                yield return "The gate has no such sale.";
            }
            else if (_gate.View.Epoch != _store.Epoch)
            {
                yield return $"The gate's epoch is {_gate.View.Epoch}, the store's is {_store.Epoch}.";
            }
        }

        /// <summary>Units of admitted claims that the store does not have.</summary>
        private long Queued()
        {
            if (_onTheWay is null)
            {
                return 0;
            }

            var stand = _store.Orders.Where(order => order.Quantity > 0).Select(order => order.Key).ToHashSet();
            return _onTheWay.Queued.Where(claim => !stand.Contains(claim.Key)).Sum(claim => (long)claim.Value);
        }

        /// <summary>
        /// What is compared in sums: each says its figures, so that only a difference at rest is found twice.
        /// </summary>
        private IEnumerable<string> OfSums()
        {
            // The total is the store's: an operator's change is there before the gate has heard of it.
            var left = _store.Stock.Quantity - _gate?.Orders.Sum(order => (long)order.Quantity);
            if (_gate is { IsMoving: false, View.Available: var available } && available != left)
            {
                yield return $"The gate has {available} available, its orders leave {left}.";
            }

            foreach (var key in _store.Misplaced)
            {
                yield return $"Order {key} is not where the store's index has it.";
            }

            if (_gate?.Admitted is { } admitted && _store.Admitted is { } stored && admitted != stored)
            {
                yield return $"The gate has admitted {admitted} claims, the store {stored}.";
            }

            if (_gate?.Owners is { } owners && _store.Owners is { } owned && owners != owned)
            {
                yield return $"The gate's orders have other buyers than the store's: {owners}, {owned}.";
            }
        }

        private void Check(bool holds, string otherwise)
        {
            if (!holds)
            {
                _differences.Add(otherwise);
            }
        }

        private HashSet<string> Compare(IReadOnlyList<HeldOrder> store, IReadOnlyList<HeldOrder> gate)
        {
            var differences = new HashSet<string>();
            var atGate = new Dictionary<OrderKey, int>(gate.Count);
            foreach (var order in gate)
            {
                if (!atGate.TryAdd(order.Key, order.Quantity))
                {
                    differences.Add($"Order {order.Key} stands twice at the gate.");
                }
            }

            foreach (var order in store)
            {
                if (!atGate.Remove(order.Key, out var held))
                {
                    if (_onTheWay is not null && order.Quantity == 0)
                    {
                        // A claim that was lost with its gate is a rejection that no gate has heard of.
                        continue;
                    }

                    differences.Add($"Order {order.Key} stands in the store and not at the gate, or stands twice.");
                }
                else if (held != order.Quantity && _onTheWay?.Explains(order.Key) != true)
                {
                    differences.Add($"Order {order.Key} holds {order.Quantity} in the store and {held} at the gate.");
                }
            }

            differences.UnionWith(
                atGate.Keys
                    .Where(key => _onTheWay?.Explains(key) != true)
                    .Select(key => $"Order {key} is at the gate and not in the store."));
            return differences;
        }
    }
}
