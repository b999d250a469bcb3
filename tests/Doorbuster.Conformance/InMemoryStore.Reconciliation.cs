using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Conformance;

/// <summary>The reference store's side of gates that are rebuilt.</summary>
public sealed partial class InMemoryStore : IEpochs, ILostClaims
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
                snapshot.Holdings, row.Stock.Available, letters.Select(letter => letter.Claim));
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
            }

            return ValueTask.FromResult(stands);
        }
    }

    private SaleEpoch EpochOf(InMemorySale row) => new(
        row.Sale.Id, row.Epoch,
        _outbox.Values.Any(e => e.Sale == row.Sale.Id && e.Epoch == row.Epoch && e.HasDrifted), row.IsOver);
}
