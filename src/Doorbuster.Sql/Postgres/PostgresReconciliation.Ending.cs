using Doorbuster.Reconciliation;

namespace Doorbuster.Sql.Postgres;

/// <content>Sales that are over.</content>
public sealed partial class PostgresReconciliation : ISaleEnding
{
    /// <inheritdoc/>
    public ValueTask<long?> PrepareAsync(SaleId sale, long prepared, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => PastOrders.PrepareAsync(connection, sale, prepared, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(
        SaleId sale, long epoch, long prepared, CancellationToken cancellationToken) => _connections.ReadAsync(
            connection => PastOrders.EndAsync(
                connection, sale, epoch, prepared, _connections.Fence, cancellationToken),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> OrdersOfAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken) => _connections.ReadAsync(
            connection => PastOrders.ReadAsync(connection, sale, buyers, cancellationToken), cancellationToken);
}
