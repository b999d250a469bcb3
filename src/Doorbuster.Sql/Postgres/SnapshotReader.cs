using Doorbuster.Claims;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>Reads what gates are opened with: sales, and each of their orders once.</summary>
/// <remarks>
/// Of an order that has ended a gate is told no turn. What late money has asked for and not got yet, it asks the new
/// gate for under the same turn, which must not look as if it had been given before; and what it got is a holding.
/// </remarks>
internal static class SnapshotReader
{
    private const string SelectOrders = $"{OrderRows.SelectHoldings} ORDER BY sale_no, place";

    /// <summary>Reads all sales in ascending order of id; the caller has locked them.</summary>
    public static async Task<IReadOnlyList<GateSnapshot>> ReadAllAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var sales = new List<StoredSale>();
        await using (var all = new NpgsqlCommand(SaleRows.SelectAll, connection) { CommandTimeout = 0 })
        await using (var rows = await all.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                sales.Add(SaleRows.Read(rows));
            }
        }

        var holdings = sales.ToDictionary(sale => sale.No, sale => new Holdings((int)sale.Admitted));
        await using var orders = new NpgsqlCommand(SelectOrders, connection) { CommandTimeout = 0 };
        await ReadOrdersAsync(orders, holdings, cancellationToken);
        return sales.ConvertAll(
            sale => new GateSnapshot(sale.Sale, sale.Epoch, sale.Stock, sale.Admitted, holdings[sale.No]));
    }

    /// <summary>Reads one sale, which the caller has locked.</summary>
    public static async Task<GateSnapshot> ReadOneAsync(
        NpgsqlConnection connection, StoredSale sale, CancellationToken cancellationToken)
    {
        var holdings = await CopiedOrders.ReadAsync(connection, sale.No, cancellationToken);
        return new GateSnapshot(sale.Sale, sale.Epoch, sale.Stock, sale.Admitted, holdings);
    }

    private static async Task ReadOrdersAsync(
        NpgsqlCommand orders, Dictionary<int, Holdings> holdings, CancellationToken cancellationToken)
    {
        await using var rows = await orders.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (!holdings.TryGetValue(rows.GetInt32(0), out var ofSale))
            {
                throw new InvalidDataException("An order of the store has no sale: the database is damaged.");
            }

            var held = OrderRows.Held((OrderStatus)rows.GetInt16(4), rows.GetInt32(3));
            var turn = held == 0 ? 0 : rows.GetInt32(5);
            ofSale.Add(OrderRows.ReadBuyer(rows, 2), new HeldOrder(OrderRows.ReadKey(rows, 1), held, turn));
        }
    }
}
