using Doorbuster.Reconciliation;

namespace Doorbuster.Sql.Sqlite;

/// <summary>Counts one sale twice, by its stock and by its orders, in one consistent read.</summary>
internal static class SaleCount
{
    private const string SelectSale =
        """
        SELECT s.no, s.per_buyer_limit, k.epoch, k.quantity, k.available, k.reserved, k.sold, k.version, k.admitted
        FROM sales AS s JOIN stock AS k ON k.sale_no = s.no
        WHERE s.id = ?1
        """;

    /// <summary>Reads the sale; null where there is none.</summary>
    /// <param name="connection">Where to read.</param>
    /// <param name="id">The sale.</param>
    /// <param name="index">Where the orders should be.</param>
    public static StoreReport? Read(Connection connection, SaleId id, OrderIndex index)
    {
        connection.Execute("BEGIN");
        try
        {
            using var sale = connection.Prepare(SelectSale);
            return sale.BindText(1, id.ToString()).Step() ? Count(connection, sale, index) : null;
        }
        finally
        {
            connection.RollbackIfOpen();
        }
    }

    private static StoreReport Count(Connection connection, Statement sale, OrderIndex index)
    {
        long reserved = 0, sold = 0, highest = 0;
        var held = new Dictionary<BuyerId, long>();
        var orders = new List<HeldOrder>();
        var misplaced = new List<OrderKey>();
        var owners = default(Ownership);
        using var rows = connection.Prepare(OrderRows.SelectHoldings + " WHERE sale_no = ?1");
        rows.Bind(1, sale.GetInt64(0));
        while (rows.Step())
        {
            var buyer = OrderRows.ReadBuyer(rows, 3);
            var status = (OrderStatus)rows.GetInt64(5);
            var quantity = OrderRows.Held(status, checked((int)rows.GetInt64(4)));
            var isPaid = status == OrderStatus.Paid;
            reserved += isPaid ? 0 : quantity;
            sold += isPaid ? quantity : 0;
            held[buyer] = held.GetValueOrDefault(buyer) + quantity;
            highest = Math.Max(highest, held[buyer]);
            var key = OrderRows.ReadKey(rows, 2);
            orders.Add(new HeldOrder(key, quantity));
            owners = owners.With(key, buyer.GetHashCode());
            if (!index.TryFind(key, out var row) || row != rows.GetInt64(0))
            {
                misplaced.Add(key);
            }
        }

        return new StoreReport(
            Epoch: sale.GetInt64(2),
            new Stock(sale.GetInt64(3), sale.GetInt64(4), sale.GetInt64(5), sale.GetInt64(6), sale.GetInt64(7)),
            reserved, sold, highest, checked((int)sale.GetInt64(1)), orders)
        {
            Owners = owners,
            Admitted = sale.GetInt64(8),
            Misplaced = misplaced,
        };
    }
}
