using Npgsql;

namespace Doorbuster.Baselines;

/// <summary>
/// The row's exclusive lock: in one transaction an UPDATE that takes a unit where there is one, and the order.
/// </summary>
internal sealed class ConditionalUpdate(NpgsqlDataSource database) : IWay
{
    public Task PreloadAsync(string sale, int quantity) => Task.CompletedTask;

    public Task<Reply> BuyAsync(string sale, string buyer) => OrderAsync(database, sale, buyer);

    /// <summary>The transaction, which the consumers of the ways with a queue share.</summary>
    public static async Task<Reply> OrderAsync(NpgsqlDataSource database, string sale, string buyer)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await Buyers.HasOrderAsync(connection, sale, buyer))
        {
            return Reply.HasOne;
        }

        await using var transaction = await connection.BeginTransactionAsync();
        await using var take = new NpgsqlCommand(
            "UPDATE sales SET num = num - 1 WHERE id = $1 AND num > 0", connection);
        take.Parameters.AddWithValue(sale);
        if (await take.ExecuteNonQueryAsync() == 0)
        {
            return Reply.SoldOut;
        }

        await Buyers.InsertAsync(connection, sale, buyer);
        await transaction.CommitAsync();
        return Reply.Ordered;
    }
}
