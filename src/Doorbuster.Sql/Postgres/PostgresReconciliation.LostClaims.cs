using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>Claims that were lost with their gate.</content>
public sealed partial class PostgresReconciliation
{
    private const string SelectBuried =
        "SELECT EXISTS (SELECT FROM dead_letters WHERE sale_id = $1 AND key = $2)";

    /// <inheritdoc/>
    public async ValueTask<Order?> RejectLostAsync(
        OrderId order, BuyerId buyer, long epoch, CancellationToken cancellationToken)
    {
        var sale = order.Sale.ToString();
        var (transaction, found) = await WriteTransaction.BeginAsync(
            _connections,
            batch =>
            {
                batch.Add(SaleRows.Lock, Parameters.Of([(string?)sale]));
                batch.Add(OrderRows.SelectByIds, OrderRows.OfIds([order]));
                batch.Add(
                    SelectBuried, Parameters.Of(sale), new NpgsqlParameter { Value = Parameters.ToGuid(order.Key) });
            },
            ReadLostAsync,
            cancellationToken);
        await using (transaction)
        {
            if (found.Stands is not null || found.IsBuried || found.Sale is not { } locked || locked.Epoch != epoch)
            {
                return found.Stands;
            }

            var lost = Order.Lost(order, buyer, locked.Price.Currency, Parameters.Truncate(_clock.GetUtcNow()));
            var moves = new StockMoves();
            moves.Reject(locked, lost, lost.CreatedAt);
            try
            {
                await transaction.CommitAsync(writes =>
                {
                    moves.AddTo(writes);
                    OutboxRows.AddReleases(
                        writes, [lost], new Dictionary<SaleId, LockedSale> { [order.Sale] = locked });
                });
            }
            catch (PostgresException fault) when (PostgresFaults.IsConstraint(fault))
            {
                // Somebody has changed the schema by hand, and not even a rejection fits. The server's log says so.
                return null;
            }

            return lost;
        }
    }

    private static async Task<(LockedSale? Sale, Order? Stands, bool IsBuried)> ReadLostAsync(NpgsqlDataReader reader)
    {
        var sale = await reader.ReadAsync() ? SaleRows.ReadLocked(reader) : null;
        await reader.NextResultAsync();
        var stands = await reader.ReadAsync() ? OrderRows.Read(reader) : null;
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return (sale, stands, reader.GetBoolean(0));
    }
}
