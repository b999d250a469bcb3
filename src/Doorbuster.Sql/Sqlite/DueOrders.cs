namespace Doorbuster.Sql.Sqlite;

/// <summary>Tells the orders that are still reserved from those whose rows have moved on.</summary>
internal static class DueOrders
{
    /// <summary>What is needed of the orders of rows that follow each other.</summary>
    public const string Select =
        """
        SELECT o.no, o.sale_no, o.key, s.id FROM orders AS o JOIN sales AS s ON s.no = o.sale_no
        WHERE o.no BETWEEN ?1 AND ?2 AND o.status = ?3 ORDER BY o.no
        """;

    /// <summary>How many orders of rows that follow each other are reserved, by sale.</summary>
    private const string SelectCounts =
        "SELECT sale_no, count(*) FROM orders WHERE no BETWEEN ?1 AND ?2 AND status = ?3 GROUP BY sale_no";

    /// <summary>Counts the orders of these rows that are still reserved, by the number of their sale.</summary>
    public static IReadOnlyDictionary<long, int> Count(
        ReadPool.Reader reader, IReadOnlyList<(long FirstRow, int Count)> runs)
    {
        var counts = new Dictionary<long, int>();
        using var rows = reader.Connection.Prepare(SelectCounts);
        reader.Connection.Execute("BEGIN");
        try
        {
            foreach (var (first, count) in runs)
            {
                rows.Bind(1, first).Bind(2, first + count - 1).Bind(3, (long)OrderStatus.Reserved);
                while (rows.Step())
                {
                    var sale = rows.GetInt64(0);
                    counts[sale] = counts.GetValueOrDefault(sale) + (int)rows.GetInt64(1);
                }
            }
        }
        finally
        {
            rows.Reset();
            reader.Connection.RollbackIfOpen();
        }

        return counts;
    }

    public static (IReadOnlyList<OrderId> Due, IReadOnlySet<long> Ended) Read(
        ReadPool.Reader reader, IReadOnlyList<long> rows)
    {
        var due = new List<OrderId>(rows.Count);
        var ended = new HashSet<long>(rows);

        // One look at all of them: alone, each would take and give back the log's shared lock.
        reader.Connection.Execute("BEGIN");
        try
        {
            for (var first = 0; first < rows.Count;)
            {
                var count = 1;
                while (first + count < rows.Count && rows[first + count] == rows[first] + count)
                {
                    count++;
                }

                Read(reader.DueByRows.Bind(1, rows[first]).Bind(2, rows[first] + count - 1), due, ended);
                first += count;
            }
        }
        finally
        {
            reader.DueByRows.Reset();
            reader.Connection.RollbackIfOpen();
        }

        return (due, ended);
    }

    private static void Read(Statement orders, List<OrderId> due, HashSet<long> ended)
    {
        var (saleNo, sale) = (Record.NoSale, default(SaleId));
        orders.Bind(3, (long)OrderStatus.Reserved);
        while (orders.Step())
        {
            if (orders.GetInt64(1) != saleNo)
            {
                (saleNo, sale) = (orders.GetInt64(1), SaleId.Parse(orders.GetText(3)));
            }

            due.Add(new OrderId(sale, OrderRows.ReadKey(orders, 2)));
            ended.Remove(orders.GetInt64(0));
        }
    }
}
