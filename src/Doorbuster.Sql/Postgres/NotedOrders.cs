using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>What buyers hold, with the orders that they made: kept where the store itself is the gate.</summary>
internal static class NotedOrders
{
    /// <summary>Buyers who surely have no row yet, an order each.</summary>
    private const string Insert =
        """
        INSERT INTO holdings (sale_no, buyer, quantity, at_most, orders)
        SELECT n.sale_no, n.buyer, n.quantity, n.at_most, ARRAY[n.key]
        FROM unnest($1, $2, $3, $4, $5) AS n (sale_no, buyer, quantity, at_most, key)
        """;

    /// <summary>Buyers with any number of orders, whether they have a row or not.</summary>
    private const string Append =
        """
        INSERT INTO holdings (sale_no, buyer, quantity, at_most, orders)
        SELECT n.sale_no, n.buyer, sum(n.quantity), max(n.at_most), array_agg(n.key ORDER BY n.at)
        FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS n (sale_no, buyer, quantity, at_most, key, at)
        GROUP BY n.sale_no, n.buyer
        ON CONFLICT (sale_no, buyer) DO UPDATE
        SET quantity = holdings.quantity + excluded.quantity, at_most = excluded.at_most,
            orders = holdings.orders || excluded.orders
        """;

    /// <summary>Adds the statements that note new orders.</summary>
    /// <param name="writes">Where they go.</param>
    /// <param name="reserved">The orders, in the order they were made, with their sales' limits.</param>
    /// <param name="holders">The buyers who have a row.</param>
    public static void AddTo(
        Writes writes, IReadOnlyList<(int SaleNo, Order Order, int AtMost, long Place)> reserved,
        IReadOnlySet<(int SaleNo, BuyerId Buyer)> holders)
    {
        var seen = new HashSet<(int, BuyerId)>(reserved.Count);
        var several = new HashSet<(int, BuyerId)>(holders);
        foreach (var (saleNo, order, _, _) in reserved)
        {
            if (!seen.Add((saleNo, order.Buyer)))
            {
                several.Add((saleNo, order.Buyer));
            }
        }

        var parts = reserved.ToLookup(one => several.Contains((one.SaleNo, one.Order.Buyer)));
        var (newcomers, others) = (parts[false].ToArray(), parts[true].ToArray());
        writes.Add(newcomers.Length, Insert, Columns(newcomers));
        if (others.Length > 0)
        {
            writes.Add(Append, Columns(others));
        }
    }

    private static NpgsqlParameter[] Columns((int SaleNo, Order Order, int AtMost, long Place)[] rows) =>
    [
        Parameters.Of(Array.ConvertAll(rows, row => row.SaleNo)),
        Parameters.Of(Array.ConvertAll(rows, row => (string?)row.Order.Buyer.ToString())),
        Parameters.Of(Array.ConvertAll(rows, row => row.Order.Quantity)),
        Parameters.Of(Array.ConvertAll(rows, row => row.AtMost)),
        Parameters.Of(Array.ConvertAll(rows, row => Parameters.ToGuid(row.Order.Id.Key))),
    ];
}
