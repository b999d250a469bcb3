using Npgsql;

namespace Doorbuster.Baselines;

/// <summary>
/// Optimistic: the row is read with its version, and written only where the version is still that; some attempts, and
/// then the buyer is sent away.
/// </summary>
internal sealed class VersionColumn(NpgsqlDataSource database) : IWay
{
    /// <summary>As many as tutorials have, who have any.</summary>
    private const int Attempts = 3;

    public Task PreloadAsync(string sale, int quantity) => Task.CompletedTask;

    public async Task<Reply> BuyAsync(string sale, string buyer)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await Buyers.HasOrderAsync(connection, sale, buyer))
        {
            return Reply.HasOne;
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryAsync(connection, sale, buyer) is { } reply)
            {
                return reply;
            }
        }

        return Reply.TryAgain;
    }

    /// <returns>Null where somebody else was faster.</returns>
    private static async Task<Reply?> TryAsync(NpgsqlConnection connection, string sale, string buyer)
    {
        var (left, version) = await ReadAsync(connection, sale);
        if (left <= 0)
        {
            return Reply.SoldOut;
        }

        await using var transaction = await connection.BeginTransactionAsync();
        await using var take = new NpgsqlCommand(
            "UPDATE sales SET num = num - 1, version = version + 1 WHERE id = $1 AND version = $2", connection);
        take.Parameters.AddWithValue(sale);
        take.Parameters.AddWithValue(version);
        if (await take.ExecuteNonQueryAsync() == 0)
        {
            return null;
        }

        await Buyers.InsertAsync(connection, sale, buyer);
        await transaction.CommitAsync();
        return Reply.Ordered;
    }

    private static async Task<(int Left, long Version)> ReadAsync(NpgsqlConnection connection, string sale)
    {
        await using var read = new NpgsqlCommand("SELECT num, version FROM sales WHERE id = $1", connection);
        read.Parameters.AddWithValue(sale);
        await using var row = await read.ExecuteReaderAsync();
        return await row.ReadAsync() ? (row.GetInt32(0), row.GetInt64(1)) : (0, 0);
    }
}
