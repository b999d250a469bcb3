using Doorbuster.Claims;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>Reads what gates are opened with: every sale, and every order once.</summary>
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
        await ReadOrdersAsync(connection, holdings, cancellationToken);
        return sales.ConvertAll(
            sale => new GateSnapshot(sale.Sale, sale.Epoch, sale.Stock, sale.Admitted, holdings[sale.No]));
    }

    private static async Task ReadOrdersAsync(
        NpgsqlConnection connection, Dictionary<int, Holdings> holdings, CancellationToken cancellationToken)
    {
        await using var orders = new NpgsqlCommand(SelectOrders, connection) { CommandTimeout = 0 };
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
