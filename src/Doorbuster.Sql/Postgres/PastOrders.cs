using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How sales that are over, and their orders by buyer, are rows.</summary>
internal static class PastOrders
{
    /// <summary>Orders that are made findable in one transaction.</summary>
    private const int Portion = 10_000;

    private const string SelectEndable =
        """
        SELECT no FROM sales AS s
        WHERE id = $1 AND mode = 2 AND NOT is_over AND NOT EXISTS (SELECT FROM dead_letters WHERE sale_id = s.id)
        """;

    private const string LockEndable =
        $"{SelectEndable} AND epoch = $2 FOR UPDATE";

    private const string IsOver = "SELECT EXISTS (SELECT FROM sales WHERE id = $1 AND is_over AND epoch = $2)";

    /// <summary>The next portion of a sale's orders, and the last key of it; null where there is none.</summary>
    private const string InsertPortion =
        """
        WITH page AS MATERIALIZED (
            SELECT key, buyer FROM orders WHERE sale_no = $1 AND key > $2 AND status <> 5 ORDER BY key LIMIT $3),
        kept AS (
            INSERT INTO past_orders (sale_no, buyer, key) SELECT $1, buyer, key FROM page ON CONFLICT DO NOTHING)
        SELECT key FROM page ORDER BY key DESC LIMIT 1
        """;

    /// <summary>What came after its portion had been made.</summary>
    private const string InsertMissing =
        """
        INSERT INTO past_orders (sale_no, buyer, key)
        SELECT o.sale_no, o.buyer, o.key FROM orders AS o
        WHERE o.sale_no = $1 AND o.status <> 5
              AND NOT EXISTS (
                  SELECT FROM past_orders AS p WHERE p.sale_no = o.sale_no AND p.buyer = o.buyer AND p.key = o.key)
        """;

    private const string End = "UPDATE sales SET is_over = true, epoch = epoch + 1 WHERE no = $1";

    private const string DropOutbox = "DELETE FROM outbox WHERE sale_no = $1";

    private const string SelectOfBuyer =
        """
        SELECT o.key, o.status, o.quantity, o.turn
        FROM sales AS s
             CROSS JOIN LATERAL (
                 SELECT key FROM past_orders WHERE sale_no = s.no AND buyer = $2
                 UNION
                 SELECT key FROM orders WHERE sale_no = s.no AND buyer = $2 AND status = 5) AS mine
             CROSS JOIN LATERAL (SELECT * FROM orders WHERE sale_no = s.no AND key = mine.key OFFSET 0) AS o
        WHERE s.id = $1
        ORDER BY o.place
        """;

    /// <summary>Makes a sale's orders findable by buyer, portion by portion.</summary>
    /// <returns>Whether the sale may be ended.</returns>
    public static async Task<bool> PrepareAsync(
        NpgsqlConnection connection, SaleId sale, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, SelectEndable, Parameters.Of(sale.ToString()));
        if (await select.ExecuteScalarAsync(cancellationToken) is not int no)
        {
            return false;
        }

        Guid? last = Guid.Empty;
        while (last is { } after)
        {
            await using var insert = Command(
                connection, InsertPortion, Parameters.Of(no), new NpgsqlParameter { Value = after },
                Parameters.Of(Portion));
            last = (Guid?)await insert.ExecuteScalarAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Ends a sale in one transaction, under its lock.</summary>
    /// <returns>Whether it is over.</returns>
    public static async Task<bool> EndAsync(
        NpgsqlConnection connection, SaleId sale, long epoch, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var wide = Command(connection, PostgresConnections.AllAtOnce);
        await wide.ExecuteNonQueryAsync(cancellationToken);
        await using var select = Command(
            connection, LockEndable, Parameters.Of(sale.ToString()), Parameters.Of(epoch));
        if (await select.ExecuteScalarAsync(cancellationToken) is not int no)
        {
            // Done before, perhaps, by a call whose answer was lost.
            await using var ended = Command(
                connection, IsOver, Parameters.Of(sale.ToString()), Parameters.Of(epoch + 1));
            return (bool)(await ended.ExecuteScalarAsync(cancellationToken))!;
        }

        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add(InsertMissing, Parameters.Of(no));
            batch.Add(End, Parameters.Of(no));
            batch.Add(DropOutbox, Parameters.Of(no));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>One buyer's orders, in the order they were made.</summary>
    public static async Task<IReadOnlyList<HeldOrder>> ReadAsync(
        NpgsqlConnection connection, SaleId sale, BuyerId buyer, CancellationToken cancellationToken)
    {
        await using var select = Command(
            connection, SelectOfBuyer, Parameters.Of(sale.ToString()), Parameters.Of(buyer.ToString()));
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var orders = new List<HeldOrder>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var held = OrderRows.Held((OrderStatus)rows.GetInt16(1), rows.GetInt32(2));
            orders.Add(new HeldOrder(OrderRows.ReadKey(rows, 0), held, rows.GetInt32(3)));
        }

        return orders;
    }

    private static NpgsqlCommand Command(
        NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value);
        }

        return command;
    }
}
