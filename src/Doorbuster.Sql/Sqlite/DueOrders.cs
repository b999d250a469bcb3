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
