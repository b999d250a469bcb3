using System.Data;
using Doorbuster.Claims;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>What the gate has, for whoever looks.</content>
public sealed partial class PostgresGate
{
    private const string SelectView = "SELECT no, epoch, available_version, available FROM sales WHERE id = $1";

    private const string SelectOfBuyers =
        """
        SELECT q.at, o.key, o.status, o.quantity, o.turn
        FROM (SELECT no FROM sales WHERE id = $1 OFFSET 0) AS s
             CROSS JOIN unnest($2) WITH ORDINALITY AS q (buyer, at)
             CROSS JOIN LATERAL (
                 SELECT orders FROM holdings WHERE sale_no = s.no AND buyer = q.buyer OFFSET 0) AS h
             CROSS JOIN LATERAL unnest(h.orders) WITH ORDINALITY AS mine (key, place)
             CROSS JOIN LATERAL (SELECT * FROM orders WHERE sale_no = s.no AND key = mine.key OFFSET 0) AS o
        ORDER BY q.at, mine.place
        """;

    private const string SelectOrders = $"{OrderRows.SelectHoldings} WHERE sale_no = $1";

    /// <inheritdoc/>
    public ValueTask<StockView?> LookAsync(SaleId sale, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            async connection => (await FindAsync(connection, sale, cancellationToken))?.View, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<HeldOrder>>> HeldByAllAsync(
        SaleId sale, IReadOnlyList<BuyerId> buyers, CancellationToken cancellationToken) =>
        _connections.ReadAsync<IReadOnlyList<IReadOnlyList<HeldOrder>>>(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectOfBuyers, connection);
                select.Parameters.Add(Parameters.Of(sale.ToString()));
                select.Parameters.Add(Parameters.Of([.. buyers.Select(buyer => (string?)buyer.ToString())]));
                await using var rows = await select.ExecuteReaderAsync(cancellationToken);
                var orders = buyers.Select(_ => new List<HeldOrder>()).ToList();
                while (await rows.ReadAsync(cancellationToken))
                {
                    var held = OrderRows.Held((OrderStatus)rows.GetInt16(2), rows.GetInt32(3));
                    orders[(int)rows.GetInt64(0) - 1].Add(
                        new HeldOrder(OrderRows.ReadKey(rows, 1), held, rows.GetInt32(4)));
                }

                return orders;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GateReport?> ReadOrdersAsync(SaleId sale, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            async connection =>
            {
                await using var look = await connection.BeginTransactionAsync(
                    IsolationLevel.RepeatableRead, cancellationToken);
                await using var wide = new NpgsqlCommand(PostgresConnections.AllAtOnce, connection);
                await wide.ExecuteNonQueryAsync(cancellationToken);
                return await FindAsync(connection, sale, cancellationToken) is var (no, view)
                    ? await ReadOrdersAsync(connection, no, view, cancellationToken)
                    : null;
            },
            cancellationToken);

    private static async Task<(int No, StockView View)?> FindAsync(
        NpgsqlConnection connection, SaleId sale, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectView, connection);
        select.Parameters.Add(Parameters.Of(sale.ToString()));
        await using var row = await select.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? (row.GetInt32(0), new StockView(row.GetInt64(1), row.GetInt64(2), row.GetInt32(3)))
            : null;
    }

    private static async Task<GateReport> ReadOrdersAsync(
        NpgsqlConnection connection, int no, StockView view, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectOrders, connection) { CommandTimeout = 0 };
        select.Parameters.Add(Parameters.Of(no));
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        var orders = new List<HeldOrder>();
        var buyers = new HashSet<ulong>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var held = OrderRows.Held((OrderStatus)rows.GetInt16(4), rows.GetInt32(3));
            orders.Add(new HeldOrder(OrderRows.ReadKey(rows, 1), held, rows.GetInt32(5)));
            buyers.Add(BuyerHash.Of(OrderRows.ReadBuyer(rows, 2).Utf8));
        }

        return new GateReport(view, orders) { Buyers = buyers };
    }
}
