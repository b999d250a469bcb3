using Doorbuster.Notification;
using Doorbuster.Orders;

namespace Doorbuster.Conformance;

/// <summary>The reference store where nodes share it: it tells of sales, and of changes by its outbox.</summary>
public sealed partial class InMemoryStore : ISaleIndex
{
    /// <summary>Whether nodes share it, so that gates hear of changes by the outbox.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether it is the gate itself.</summary>
    public bool IsGate { get; init; }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleGlance>> GlanceAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<SaleGlance>>(
            [
                .. _sales.Values.Select(row =>
                    new SaleGlance(
                        row.Sale.Id, row.Epoch, row.Sale.Revision, row.Stock.Version, row.Stock.Available,
                        row.IsOver)
                    {
                        Gate = IsGate ? ViewOf(row) : null,
                    }),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StandingSale>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<StandingSale>>(
            [
                .. sales.Where(sale => _sales.ContainsKey($"{sale}")).Select(sale => _sales[$"{sale}"])
                    .Select(row => new StandingSale(row.Sale, row.Epoch, row.Stock)),
            ]);
        }
    }

    private void TellOfEnd(Order? before, Order? after)
    {
        if (IsShared && before is { Held: > 0 } && after is { Held: 0 })
        {
            var epoch = _sales[$"{after.Id.Sale}"].Epoch;
            var release = new Release(after.Id, after.Buyer, Turn: 0, epoch);
            _outbox[++_lastOutboxEntry] = new OutboxEntry(_lastOutboxEntry, after.Id.Sale, epoch, release);
        }
    }

    private SaleChangeAnswer TellOfTerms(InMemorySale row, SaleChangeAnswer answer)
    {
        if (!IsShared)
        {
            return answer;
        }

        if (answer.Outcome == SaleChangeOutcome.Done)
        {
            _outbox[++_lastOutboxEntry] = new OutboxEntry(_lastOutboxEntry, row.Sale.Id, row.Epoch, null)
            {
                Terms = answer.Sale,
            };
        }

        return answer with { Epoch = row.Epoch };
    }

    /// <summary>Terms are read when the entry is.</summary>
    private OutboxEntry AsItIsNow(OutboxEntry entry) =>
        entry.Terms is null
            ? entry
            : entry with { Terms = _sales[$"{entry.Sale}"].Sale, Epoch = _sales[$"{entry.Sale}"].Epoch };
}
