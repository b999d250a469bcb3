using SQLitePCL;

namespace Doorbuster.Comparison.Shops;

/// <summary>Reads the orders of a store of SQLite, beside the server that writes them.</summary>
internal static class SqliteOrders
{
    // 1 is reserved, 2 is paid; others hold no units.
    private const string Orders =
        """
        SELECT o.buyer, CASE WHEN o.status IN (1, 2) THEN o.quantity ELSE 0 END
        FROM orders AS o JOIN sales AS s ON s.no = o.sale_no WHERE s.id = ?
        """;

    /// <summary>Every order of a sale; when each was committed nobody has noted.</summary>
    public static List<StoredOrder> Read(string file, SaleId sale)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open_v2(file, out var database, raw.SQLITE_OPEN_READWRITE, null), "open");
        using (database)
        {
            Check(raw.sqlite3_prepare_v2(database, Orders, out var query), "prepare");
            using (query)
            {
                Check(raw.sqlite3_bind_text(query, 1, sale.ToString()), "bind");
                var found = new List<StoredOrder>();
                while (raw.sqlite3_step(query) == raw.SQLITE_ROW)
                {
                    found.Add(new StoredOrder(
                        raw.sqlite3_column_text(query, 0).utf8_to_string(), raw.sqlite3_column_int(query, 1), null));
                }

                return found;
            }
        }
    }

    private static void Check(int result, string what)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite could not {what} the store: {result}.");
        }
    }
}
