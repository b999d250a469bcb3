using System.Data;
using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>Counts one sale twice, by its row and by its orders, in one consistent read.</summary>
internal static class SaleCount
{
    private const string SelectSale =
        """
        SELECT no, per_buyer_limit, epoch, admitted, quantity, available, reserved, sold, version FROM sales
        WHERE id = $1
        """;

    private const string SelectOrders = $"{OrderRows.SelectHoldings} WHERE sale_no = $1";

    /// <summary>
    /// Buyers of whom a store that is the gate has noted something else than their orders say: one order of each.
    /// </summary>
    private const string SelectMisnoted =
        """
        SELECT (array_agg(o.key))[1]
        FROM orders AS o LEFT JOIN holdings AS h ON h.sale_no = o.sale_no AND h.buyer = o.buyer
        WHERE o.sale_no = $1
        GROUP BY o.buyer, h.quantity, h.orders
        HAVING h.quantity IS DISTINCT FROM coalesce(sum(o.quantity) FILTER (WHERE o.status IN (1, 2)), 0)
               OR cardinality(h.orders) IS DISTINCT FROM count(*) OR NOT bool_and(o.key = ANY (h.orders))
        LIMIT 100
        """;

    /// <summary>Reads the sale; null where there is none.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="id">The sale.</param>
    /// <param name="notesOrders">Whether the store notes what each buyer has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<StoreReport?> ReadAsync(
        NpgsqlConnection connection, SaleId id, bool notesOrders, CancellationToken cancellationToken)
    {
        await using var look = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var wide = new NpgsqlCommand(PostgresConnections.AllAtOnce, connection);
        await wide.ExecuteNonQueryAsync(cancellationToken);
        await using var select = new NpgsqlCommand(SelectSale, connection);
        select.Parameters.Add(Parameters.Of(id.ToString()));
        int no, limit;
        long epoch, admitted;
        Stock stock;
        await using (var sale = await select.ExecuteReaderAsync(cancellationToken))
        {
            if (!await sale.ReadAsync(cancellationToken))
            {
                return null;
            }

            (no, limit, epoch, admitted) = (sale.GetInt32(0), sale.GetInt32(1), sale.GetInt64(2), sale.GetInt64(3));
            stock = new Stock(
                sale.GetInt32(4), sale.GetInt32(5), sale.GetInt32(6), sale.GetInt32(7), sale.GetInt64(8));
        }

        var count = new Count();
        await using var orders = new NpgsqlCommand(SelectOrders, connection) { CommandTimeout = 0 };
        orders.Parameters.Add(Parameters.Of(no));
        await using (var rows = await orders.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                count.Add(
                    OrderRows.ReadKey(rows, 1), OrderRows.ReadBuyer(rows, 2), (OrderStatus)rows.GetInt16(4),
                    rows.GetInt32(3));
            }
        }

        return new StoreReport(epoch, stock, count.Reserved, count.Sold, count.Highest, limit, count.Orders)
        {
            Owners = count.Owners,
            Admitted = admitted,
            Misplaced = notesOrders ? await ReadMisnotedAsync(connection, no, cancellationToken) : [],
        };
    }

    private static async Task<IReadOnlyList<OrderKey>> ReadMisnotedAsync(
        NpgsqlConnection connection, int no, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectMisnoted, connection) { CommandTimeout = 0 };
        select.Parameters.Add(Parameters.Of(no));
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var keys = new List<OrderKey>();
        while (await rows.ReadAsync(cancellationToken))
        {
            keys.Add(OrderRows.ReadKey(rows, 0));
        }

        return keys;
    }

    private sealed class Count
    {
        private readonly Dictionary<BuyerId, long> _held = [];

        public long Reserved { get; private set; }

        public long Sold { get; private set; }

        public long Highest { get; private set; }

        public Ownership Owners { get; private set; }

        public List<HeldOrder> Orders { get; } = [];

        public void Add(OrderKey key, BuyerId buyer, OrderStatus status, int quantity)
        {
            var held = OrderRows.Held(status, quantity);
            Reserved += status == OrderStatus.Reserved ? held : 0;
            Sold += status == OrderStatus.Paid ? held : 0;
            var all = _held[buyer] = _held.GetValueOrDefault(buyer) + held;
            Highest = Math.Max(Highest, all);
            Orders.Add(new HeldOrder(key, held));
            Owners = Owners.With(key, buyer.GetHashCode());
        }
    }
}
