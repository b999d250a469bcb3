namespace Doorbuster.Sql.Sqlite;

/// <summary>Tells the orders that are still reserved from those whose rows have moved on.</summary>
internal static class DueOrders
{
    /// <summary>What <see cref="Read"/> needs of an order.</summary>
    public const string Select =
        """
        SELECT o.sale_no, o.key, o.status, s.id FROM orders AS o JOIN sales AS s ON s.no = o.sale_no WHERE o.no = ?1
        """;

    public static (IReadOnlyList<OrderId> Due, IReadOnlySet<long> Ended) Read(
        ReadPool.Reader reader, IReadOnlyList<long> rows)
    {
        var due = new List<OrderId>(rows.Count);
        var ended = new HashSet<long>();

        // One look at all of them: alone, each would take and give back the log's shared lock.
        reader.Connection.Execute("BEGIN");
        try
        {
            var (saleNo, sale) = (Record.NoSale, default(SaleId));
            foreach (var row in rows)
            {
                var order = reader.DueByRow.Bind(1, row);
                if (!order.Step())
                {
                    ended.Add(row);
                    continue;
                }

                if (order.GetInt64(0) != saleNo)
                {
                    (saleNo, sale) = (order.GetInt64(0), SaleId.Parse(order.GetText(3)));
                }

                if ((OrderStatus)order.GetInt64(2) == OrderStatus.Reserved)
                {
                    due.Add(new OrderId(sale, OrderRows.ReadKey(order, 1)));
                }
                else
                {
                    ended.Add(row);
                }

                order.Reset();
            }
        }
        finally
        {
            reader.DueByRow.Reset();
            reader.Connection.RollbackIfOpen();
        }

        return (due, ended);
    }
}
