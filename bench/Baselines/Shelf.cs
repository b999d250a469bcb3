using Npgsql;

namespace Doorbuster.Baselines;

/// <summary>The tables that every tutorial has: goods with a number, and orders.</summary>
internal sealed class Shelf(NpgsqlDataSource database)
{
    // As most of them have it: an index to find a buyer's orders by, and no constraint that forbids a second.
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS sales (
            id text PRIMARY KEY, quantity integer NOT NULL, num integer NOT NULL, version bigint NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS orders (
            id bigserial PRIMARY KEY, sale text NOT NULL, buyer text NOT NULL,
            created timestamptz NOT NULL DEFAULT now());
        CREATE INDEX IF NOT EXISTS orders_of_buyer ON orders (sale, buyer);
        """;

    public async Task PrepareAsync()
    {
        await using var command = database.CreateCommand(Schema);
        await command.ExecuteNonQueryAsync();
    }

    public async Task AddSaleAsync(string sale, int quantity)
    {
        await using var command = database.CreateCommand("INSERT INTO sales (id, quantity, num) VALUES ($1, $2, $2)");
        command.Parameters.AddWithValue(sale);
        command.Parameters.AddWithValue(quantity);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What a sale has come to; null where there is none.</summary>
    public async Task<SaleCount?> CountAsync(string sale)
    {
        const string Count =
            """
            SELECT s.quantity, s.num, (SELECT count(*) FROM orders AS o WHERE o.sale = s.id),
                   (SELECT coalesce(sum(n - 1), 0)::bigint
                    FROM (SELECT count(*) AS n FROM orders AS o WHERE o.sale = s.id GROUP BY o.buyer) AS per_buyer),
                   (SELECT coalesce(extract(epoch FROM max(o.created) - min(o.created)), 0)::float8
                    FROM orders AS o WHERE o.sale = s.id)
            FROM sales AS s WHERE s.id = $1
            """;
        await using var command = database.CreateCommand(Count);
        command.Parameters.AddWithValue(sale);
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync()
            ? new SaleCount(row.GetInt32(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetDouble(4))
            : null;
    }

    /// <summary>A buyer's first order; null where there is none yet.</summary>
    public async Task<long?> FindOrderAsync(string sale, string buyer)
    {
        await using var command = database.CreateCommand(
            "SELECT id FROM orders WHERE sale = $1 AND buyer = $2 ORDER BY id LIMIT 1");
        command.Parameters.AddWithValue(sale);
        command.Parameters.AddWithValue(buyer);
        return (long?)await command.ExecuteScalarAsync();
    }
}

/// <summary>What a sale has come to.</summary>
/// <param name="Quantity">Units there were.</param>
/// <param name="Available">Units the database says are left.</param>
/// <param name="Orders">Orders there are, of a unit each.</param>
/// <param name="AboveLimit">Orders that are their buyer's second, third and so on.</param>
/// <param name="Seconds">From the first order to the last.</param>
internal sealed record SaleCount(int Quantity, int Available, long Orders, long AboveLimit, double Seconds);
