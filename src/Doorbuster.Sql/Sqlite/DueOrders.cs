namespace Doorbuster.Sql.Sqlite;

/// <summary>Tells the orders that are still reserved from those whose rows have moved on.</summary>
internal static class DueOrders
{
    public static (IReadOnlyList<OrderId> Due, IReadOnlySet<long> Ended) Read(
        ReadPool.Reader reader, IReadOnlyList<long> rows)
    {
        var due = new List<OrderId>(rows.Count);
        var ended = new HashSet<long>();
        foreach (var row in rows)
        {
            reader.OrderByRow.Bind(1, row);
            if (reader.OrderByRow.Step() && OrderRows.Read(reader.OrderByRow) is { Status: OrderStatus.Reserved } order)
            {
                due.Add(order.Id);
            }
            else
            {
                ended.Add(row);
            }

            reader.OrderByRow.Reset();
        }

        return (due, ended);
    }
}
