using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How sales that are over, and their orders by buyer, are rows.</summary>
/// <remarks>
/// Every order but a rejected one began as a transition of its sale, whose number grows by one under the sale's lock.
/// So what came after the last look is what has a higher number, found without a look at all there is.
/// </remarks>
internal static class PastOrders
{
    /// <summary>Transitions that are looked at in one transaction.</summary>
    private const int Portion = 10_000;

    private const string SelectClosed = "SELECT no FROM sales WHERE id = $1 AND mode = 2 AND NOT is_over";

    private const string LockClosed = $"{SelectClosed} AND epoch = $2 FOR UPDATE";

    private const string HasLetters = "SELECT EXISTS (SELECT FROM dead_letters WHERE sale_id = $1)";

    private const string IsOver = "SELECT EXISTS (SELECT FROM sales WHERE id = $1 AND is_over AND epoch = $2)";

    /// <summary>
    /// The orders of the next portion of transitions, and the last number of it; null where there is none.
    /// </summary>
    private const string InsertPortion =
        """
        WITH page AS MATERIALIZED (
            SELECT no, kind, order_key FROM events WHERE sale_no = $1 AND no > $2 ORDER BY no LIMIT $3),
        kept AS (
            INSERT INTO past_orders (sale_no, buyer, key)
            SELECT $1, o.buyer, o.key
            FROM page AS p
                 CROSS JOIN LATERAL (SELECT * FROM orders WHERE sale_no = $1 AND key = p.order_key OFFSET 0) AS o
            WHERE p.kind = 1
            ON CONFLICT DO NOTHING)
        SELECT max(no) FROM page
        """;

    private const string ChangeNothing = "UPDATE sales SET is_over = is_over WHERE no = $1";

    private const string End = "UPDATE sales SET is_over = true, epoch = epoch + 1 WHERE no = $1";

    private const string DropOutbox = "DELETE FROM outbox WHERE sale_no = $1";

    private const string SelectOfBuyers =
        """
        SELECT q.at, o.key, o.status, o.quantity, o.turn
        FROM sales AS s
             CROSS JOIN unnest($2) WITH ORDINALITY AS q (buyer, at)
             CROSS JOIN LATERAL (
                 SELECT key FROM past_orders WHERE sale_no = s.no AND buyer = q.buyer
                 UNION
                 SELECT key FROM orders WHERE sale_no = s.no AND buyer = q.buyer AND status = 5) AS mine
             CROSS JOIN LATERAL (SELECT * FROM orders WHERE sale_no = s.no AND key = mine.key OFFSET 0) AS o
        WHERE s.id = $1
        ORDER BY q.at, o.place
        """;

    /// <summary>Makes a sale's orders findable by buyer, portion by portion.</summary>
    /// <returns>The last transition that was looked at; null where the sale may not be ended.</returns>
    public static async Task<long?> PrepareAsync(
        NpgsqlConnection connection, SaleId sale, long prepared, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, SelectClosed, Parameters.Of(sale.ToString()));
        if (await select.ExecuteScalarAsync(cancellationToken) is not int no
            || await IsAsync(connection, HasLetters, cancellationToken, Parameters.Of(sale.ToString())))
        {
            return null;
        }

        var before = prepared;
        while (await KeepOneAsync(connection, no, prepared, cancellationToken) is { } last)
        {
            prepared = last;
        }

        if (prepared > before)
        {
            await ConfirmAsync(connection, no, cancellationToken);
        }

        return prepared;
    }

    /// <summary>Ends a sale in one transaction, under its lock.</summary>
    /// <returns>Whether it is over.</returns>
    public static async Task<bool> EndAsync(
        NpgsqlConnection connection, SaleId sale, long epoch, long prepared, GateFence? fence,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var select = Command(
            connection, LockClosed, Parameters.Of(sale.ToString()), Parameters.Of(epoch));
        if (await select.ExecuteScalarAsync(cancellationToken) is not int no)
        {
            // Done before, perhaps, by a call whose answer was lost.
            return await IsAsync(
                connection, IsOver, cancellationToken, Parameters.Of(sale.ToString()), Parameters.Of(epoch + 1));
        }

        if (fence is not null)
        {
            await fence.PassAsync(connection, cancellationToken);
        }

        // In a statement of its own, so that what was committed before the lock was got is seen.
        if (await IsAsync(connection, HasLetters, cancellationToken, Parameters.Of(sale.ToString())))
        {
            return false;
        }

        while (await KeepAsync(connection, no, prepared, cancellationToken) is { } last)
        {
            prepared = last;
        }

        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add(End, Parameters.Of(no));
            batch.Add(DropOutbox, Parameters.Of(no));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitConfirmedAsync(cancellationToken);
        return true;
    }

    /// <summary>Some buyers' orders, in the order they were made.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<HeldOrder>>> ReadAsync(
        NpgsqlConnection connection, SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken)
    {
        await using var select = Command(
            connection, SelectOfBuyers, Parameters.Of(sale.ToString()),
            Parameters.Of([.. buyers.Select(buyer => (string?)buyer.ToString())]));
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var orders = buyers.Select(_ => new List<HeldOrder>()).ToList();
        while (await rows.ReadAsync(cancellationToken))
        {
            var held = OrderRows.Held((OrderStatus)rows.GetInt16(2), rows.GetInt32(3));
            orders[(int)rows.GetInt64(0) - 1].Add(new HeldOrder(OrderRows.ReadKey(rows, 1), held, rows.GetInt32(4)));
        }

        return orders;
    }

    private static async Task<long?> KeepOneAsync(
        NpgsqlConnection connection, int no, long after, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var last = await KeepAsync(connection, no, after, cancellationToken);
        await transaction.CommitConfirmedAsync(cancellationToken);
        return last;
    }

    /// <summary>
    /// Waits until the standby has what was kept, by whomever and however long ago: whoever ends the sale goes on after
    /// it, at any server (I4). A portion that was kept before writes nothing, so that its own commit waits for nobody.
    /// </summary>
    private static async Task ConfirmAsync(NpgsqlConnection connection, int no, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var change = Command(connection, ChangeNothing, Parameters.Of(no)))
        {
            await change.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitConfirmedAsync(cancellationToken);
    }

    private static async Task<long?> KeepAsync(
        NpgsqlConnection connection, int no, long after, CancellationToken cancellationToken)
    {
        await using var insert = Command(
            connection, InsertPortion, Parameters.Of(no), Parameters.Of(after), Parameters.Of(Portion));
        return await insert.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private static async Task<bool> IsAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken,
        params NpgsqlParameter[] values)
    {
        await using var command = Command(connection, sql, values);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
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
