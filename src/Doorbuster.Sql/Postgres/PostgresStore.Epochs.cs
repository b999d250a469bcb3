using System.Collections.Concurrent;
using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Sql.Postgres;

/// <content>Epochs of single sales, whose gates are opened anew.</content>
public sealed partial class PostgresStore : IEpochs
{
    /// <summary>Epochs that we have given, or tried to give, to sales that are ours.</summary>
    private readonly ConcurrentDictionary<SaleId, long> _raising = new();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
        ReadAsync(connection => GateEpochs.ReadAllAsync(connection, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SaleEpoch?> FindEpochAsync(SaleId sale, CancellationToken cancellationToken) =>
        ReadAsync(connection => GateEpochs.FindAsync(connection, sale, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<GateSnapshot?> RaiseAsync(
        SaleId sale, long from, long to, string reason, CancellationToken cancellationToken)
    {
        // Of a raise whose end nobody told us, the number is ours as well.
        if (!IsOurs(sale, from) && _raising.GetValueOrDefault(sale) != from)
        {
            return null;
        }

        _raising[sale] = to;
        var snapshot = await ReadAsync(
            connection => new EpochRaise(sale, from, to, reason, _connections.Fence) { HoldsLetters = false }
                .RunAsync(connection, cancellationToken),
            cancellationToken);
        if (snapshot is not null)
        {
            _epochs[sale] = to;
        }

        return snapshot;
    }
}
