using Doorbuster.Dispatch;
using Doorbuster.Notification;

namespace Doorbuster.Reconciliation;

/// <summary>What of one sale is on its way.</summary>
/// <param name="Queued">Units of claims that are in the log, or are dead letters, by their orders.</param>
/// <param name="Ended">Orders of which the gate is to be told that they have ended.</param>
public sealed record OnTheWay(IReadOnlyDictionary<OrderKey, int> Queued, IReadOnlySet<OrderKey> Ended)
{
    /// <summary>Whether an order may stand otherwise at the gate than in the store because of it.</summary>
    public bool Explains(OrderKey order) => Queued.ContainsKey(order) || Ended.Contains(order);
}

/// <summary>
/// Reads what is on its way between a gate and a store that do not commit together: from the claim log, the dead
/// letters and the outbox.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="letters">The dead letters.</param>
/// <param name="outbox">What gates are to be told.</param>
public sealed class LogAndOutbox(IClaimLog log, IDeadLetters letters, IOutbox outbox)
{
    private const int EntriesAtOnce = 64;
    private const int RowsAtOnce = 1_000;

    /// <summary>Reads what of one sale is on its way now.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    /// <exception cref="ClaimLogUnavailableException">The log cannot be read now.</exception>
    public async ValueTask<OnTheWay> ReadAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var queued = new Dictionary<OrderKey, int>();
        string? last = null;
        while (await log.ScanAsync(sale, last, EntriesAtOnce, cancellationToken) is { Count: > 0 } entries)
        {
            Add(queued, entries);
            last = entries[^1].Id;
        }

        DeadLetterId? letter = null;
        while (await letters.ListAsync(letter, RowsAtOnce, cancellationToken) is { Count: > 0 } some)
        {
            Add(queued, some.Select(one => one.Entry).Where(entry => entry.Sale == sale));
            letter = some[^1].Id;
        }

        return new OnTheWay(queued, await ReadEndedAsync(sale, cancellationToken));
    }

    private async ValueTask<HashSet<OrderKey>> ReadEndedAsync(SaleId sale, CancellationToken cancellationToken)
    {
        var ended = new HashSet<OrderKey>();
        long after = 0;
        while (await outbox.ReadAsync(after, RowsAtOnce, cancellationToken) is { Count: > 0 } rows)
        {
            ended.UnionWith(rows
                .Where(row => row.Sale == sale && row.Release is not null)
                .Select(row => row.Release!.Value.Order.Key));
            after = rows[^1].Id;
        }

        return ended;
    }

    private static void Add(Dictionary<OrderKey, int> queued, IEnumerable<AdmittedBatch> entries)
    {
        foreach (var claim in entries.SelectMany(entry => entry.Claims))
        {
            queued[claim.Order.Key] = claim.Quantity;
        }
    }
}
