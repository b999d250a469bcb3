using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Sql.Sqlite;

/// <content>An order's life after its claim.</content>
public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OrderAnswer>> ApplyAsync(
        IReadOnlyList<OrderCommand> commands, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(() => Apply(commands, now));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<OrderId>> DueAsync(
        DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        while (_expiries.Due(now, limit) is { Count: > 0 } rows)
        {
            var (due, ended) = await _readers.ReadAsync(reader => DueOrders.Read(reader, rows), cancellationToken);
            if (ended.Count == 0)
            {
                return due;
            }

            // Their places are free for others that are due: fewer than asked for must mean that there are no more.
            _expiries.Forget(ended);
        }

        return [];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(SaleId Sale, int Orders)>> ExpiringAsync(
        DateTimeOffset until, int most, CancellationToken cancellationToken)
    {
        if (_expiries.Until(until, most) is not { Count: > 0 } runs)
        {
            return [];
        }

        var counts = await _readers.ReadAsync(reader => DueOrders.Count(reader, runs), cancellationToken);
        return [.. _saleNos.Where(of => counts.ContainsKey(of.Value)).Select(of => (of.Key, counts[of.Value]))];
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(long Place, Payment Payment)>> UnsettledAsync(
        long after, int limit, CancellationToken cancellationToken) =>
        _readers.ReadAsync(reader => Unsettled.Read(reader.Connection, after, limit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEvent>> EventsAsync(
        SaleId sale, long after, int limit, CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<SaleEvent>>(
            reader => _saleNos.TryGetValue(sale, out var no)
                ? EventReader.Read(reader.Connection, sale, no, _places, after, limit)
                : [],
            cancellationToken);

    private IReadOnlyList<OrderAnswer> Apply(IReadOnlyList<OrderCommand> commands, DateTimeOffset now)
    {
        try
        {
            var answers = _changes.Apply(commands, now);
            ForgetExpired(commands, answers);
            return answers;
        }
        catch (SqliteException fault) when (fault.IsConstraint)
        {
            throw new BadCommandException($"A constraint refuses a change of orders. {fault.Message}", fault);
        }
    }

    /// <summary>What has just expired is not read again to find that out.</summary>
    private void ForgetExpired(IReadOnlyList<OrderCommand> commands, IReadOnlyList<OrderAnswer> answers)
    {
        HashSet<long>? ended = null;
        for (var i = 0; i < commands.Count; i++)
        {
            if (commands[i] is OrderCommand.Expire expire && answers[i].Outcome == CommandOutcome.Done
                && _index.TryFind(expire.Order.Key, out var row))
            {
                (ended ??= []).Add(row);
            }
        }

        if (ended is not null)
        {
            _expiries.Forget(ended);
        }
    }
}
