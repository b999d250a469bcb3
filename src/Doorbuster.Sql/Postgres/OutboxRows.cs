using Doorbuster.Notification;
using Doorbuster.Orders;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How what gates are to be told is rows.</summary>
internal static class OutboxRows
{
    public const string Insert =
        """
        INSERT INTO outbox (sale_no, epoch, order_key, buyer, turn)
        SELECT n.sale_no, n.epoch, n.order_key, n.buyer, n.turn
        FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS n (sale_no, epoch, order_key, buyer, turn, at) ORDER BY n.at
        """;

    public const string Delete = "DELETE FROM outbox WHERE id = ANY($1)";

    private const string Select =
        """
        SELECT o.id, s.id, o.epoch, o.order_key, o.buyer, o.turn
        FROM outbox AS o JOIN sales AS s ON s.no = o.sale_no ORDER BY o.id LIMIT $1
        """;

    public static NpgsqlParameter[] Of(IReadOnlyList<(LockedSale Sale, Release? Release)> rows) =>
    [
        Parameters.Of([.. rows.Select(row => row.Sale.No)]),
        Parameters.Of([.. rows.Select(row => row.Sale.Epoch)]),
        Parameters.Of([.. rows.Select(row => row.Release is { } r ? Parameters.ToGuid(r.Order.Key) : (Guid?)null)]),
        Parameters.Of([.. rows.Select(row => row.Release?.Buyer.ToString())]),
        Parameters.Of([.. rows.Select(row => row.Release?.Turn)]),
    ];

    public static async Task<IReadOnlyList<OutboxEntry>> ReadAsync(
        NpgsqlConnection connection, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, connection);
        command.Parameters.Add(Parameters.Of(most));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<OutboxEntry>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var sale = SaleId.Parse(rows.GetString(1));
            var epoch = rows.GetInt64(2);
            entries.Add(new OutboxEntry(rows.GetInt64(0), sale, epoch, ReadRelease(rows, sale, epoch)));
        }

        return entries;
    }

    private static Release? ReadRelease(NpgsqlDataReader row, SaleId sale, long epoch) =>
        row.IsDBNull(3)
            ? null
            : new Release(
                new OrderId(sale, OrderRows.ReadKey(row, 3)), OrderRows.ReadBuyer(row, 4), row.GetInt32(5), epoch);
}
