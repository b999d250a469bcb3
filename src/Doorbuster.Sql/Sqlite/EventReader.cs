using Doorbuster.Orders;
using Doorbuster.Payments;

namespace Doorbuster.Sql.Sqlite;

/// <summary>Reads a sale's transitions, in one consistent look.</summary>
internal static class EventReader
{
    private const string Select =
        """
        SELECT e.first, e.count, e.kind, e.at_ms, e.order_no, e.order_revision, e.sale_revision, e.quantity, p.id, e.no
        FROM events AS e LEFT JOIN payments AS p ON p.no = e.payment_no
        WHERE e.no >= ?1 AND e.sale_no = ?2 AND e.first + e.count - 1 > ?3
        ORDER BY e.no
        """;

    private const string SelectEnd =
        "SELECT k.events, (SELECT coalesce(max(no), 0) + 1 FROM events) FROM stock AS k WHERE k.sale_no = ?1";

    private const string SelectOrder = "SELECT key, quantity FROM orders WHERE no = ?1";

    /// <summary>Transitions after one of them.</summary>
    /// <param name="connection">Where from.</param>
    /// <param name="sale">The sale.</param>
    /// <param name="saleNo">Its number.</param>
    /// <param name="places">Where earlier looks have ended.</param>
    /// <param name="after">The number to go on from.</param>
    /// <param name="limit">How many at most.</param>
    public static IReadOnlyList<SaleEvent> Read(
        Connection connection, SaleId sale, long saleNo, EventPlaces places, long after, int limit)
    {
        var found = new List<SaleEvent>();
        long place = 0;
        connection.Execute("BEGIN");
        try
        {
            // The log is all sales': to read on behind a sale's last transition would be to read what others did.
            var (last, end) = ReadEnd(connection, saleNo);
            if (after >= last)
            {
                places.Note(saleNo, last, end);
                return found;
            }

            limit = (int)Math.Min(limit, last - after);
            using var rows = connection.Prepare(Select);
            using var orders = connection.Prepare(SelectOrder);
            rows.Bind(1, places.Before(saleNo, after)).Bind(2, saleNo).Bind(3, after);
            while (found.Count < limit && rows.Step())
            {
                var first = rows.GetInt64(0);
                var count = rows.GetInt64(1);
                for (var no = Math.Max(first, after + 1); no < first + count && found.Count < limit; no++)
                {
                    found.Add(Read(rows, orders, sale, no, rows.GetNullableInt64(4) + (no - first)));
                }

                place = rows.GetInt64(9);
            }

            if (found.Count > 0)
            {
                places.Note(saleNo, found[^1].No, place);
            }

            return found;
        }
        finally
        {
            connection.RollbackIfOpen();
        }
    }

    /// <summary>A sale's last transition, and the row behind the whole log.</summary>
    private static (long Last, long End) ReadEnd(Connection connection, long saleNo)
    {
        using var end = connection.Prepare(SelectEnd);
        return end.Bind(1, saleNo).Step() ? (end.GetInt64(0), end.GetInt64(1)) : (0, 0);
    }

    private static SaleEvent Read(Statement row, Statement orders, SaleId sale, long no, long? orderNo)
    {
        OrderId? order = null;
        var quantity = checked((int)row.GetInt64(7));
        if (orderNo is { } orderRow)
        {
            orders.Bind(1, orderRow).Step();
            order = new OrderId(sale, OrderRows.ReadKey(orders, 0));
            quantity = checked((int)orders.GetInt64(1));
            orders.Reset();
        }

        PaymentId? payment = row.GetNullableText(8) is { } text && PaymentId.TryParse(text, out var id) ? id : null;
        return new SaleEvent(
            no, (EventKind)row.GetInt64(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), order,
            checked((int)row.GetInt64(5)), payment, row.GetInt64(6), quantity);
    }
}
