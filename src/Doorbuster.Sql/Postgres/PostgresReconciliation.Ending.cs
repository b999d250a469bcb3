using Doorbuster.Reconciliation;

namespace Doorbuster.Sql.Postgres;

/// <content>Sales that are over.</content>
public sealed partial class PostgresReconciliation : ISaleEnding
{
    /// <inheritdoc/>
    public ValueTask<bool> PrepareAsync(SaleId sale, CancellationToken cancellationToken) => _connections.ReadAsync(
        connection => PastOrders.PrepareAsync(connection, sale, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(SaleId sale, long epoch, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => PastOrders.EndAsync(connection, sale, epoch, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HeldOrder>> OrdersOfAsync(
        SaleId sale, BuyerId buyer, CancellationToken cancellationToken) => _connections.ReadAsync(
            connection => PastOrders.ReadAsync(connection, sale, buyer, cancellationToken), cancellationToken);
}
