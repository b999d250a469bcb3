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

    private const string InsertTerms = "INSERT INTO outbox (sale_no, epoch, revision) VALUES ($1, $2, $3)";

    public const string Delete = "DELETE FROM outbox WHERE id = ANY($1)";

    private const string Select =
        """
        SELECT o.id, s.id, o.epoch, o.order_key, o.buyer, o.turn, o.revision
        FROM (SELECT * FROM outbox WHERE id > $1 ORDER BY id LIMIT $2) AS o
             CROSS JOIN LATERAL (SELECT id FROM sales WHERE no = o.sale_no OFFSET 0) AS s
        ORDER BY o.id
        """;

    public static NpgsqlParameter[] Of(IReadOnlyList<(LockedSale Sale, Release? Release)> rows) =>
    [
        Parameters.Of([.. rows.Select(row => row.Sale.No)]),
        Parameters.Of([.. rows.Select(row => row.Sale.Epoch)]),
        Parameters.Of([.. rows.Select(row => row.Release is { } r ? Parameters.ToGuid(r.Order.Key) : (Guid?)null)]),
        Parameters.Of([.. rows.Select(row => row.Release?.Buyer.ToString())]),
        Parameters.Of([.. rows.Select(row => row.Release?.Turn)]),
    ];

    /// <summary>Adds the rows of orders that have ended.</summary>
    /// <param name="writes">Where the statement goes.</param>
    /// <param name="ended">The orders.</param>
    /// <param name="sales">Their sales, as they are locked.</param>
    public static void AddReleases(
        Writes writes, IEnumerable<Order> ended, IReadOnlyDictionary<SaleId, LockedSale> sales)
    {
        // Only a buyer's claim reserves; what late money takes under a higher turn is paid, and never ends.
        (LockedSale Sale, Release? Release)[] rows =
        [
            .. ended.Select(order => (
                sales[order.Id.Sale],
                (Release?)new Release(order.Id, order.Buyer, Turn: 0, sales[order.Id.Sale].Epoch))),
        ];
        writes.Add(rows.Length, Insert, Of(rows));
    }

    /// <summary>Adds the row of changed terms.</summary>
    public static void AddTerms(Writes writes, StoredSale before, Sale changed) => writes.Add(
        1, InsertTerms, Parameters.Of(before.No), Parameters.Of(before.Epoch), Parameters.Of(changed.Revision));

    /// <summary>Reads entries; those about terms come with the terms and the epoch as they are now.</summary>
    public static async Task<IReadOnlyList<OutboxEntry>> ReadAsync(
        NpgsqlConnection connection, long after, int most, CancellationToken cancellationToken)
    {
        var entries = new List<OutboxEntry>();
        var ofTerms = new List<int>();
        await using (var command = new NpgsqlCommand(Select, connection))
        {
            command.Parameters.Add(Parameters.Of(after));
            command.Parameters.Add(Parameters.Of(most));
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var sale = SaleId.Parse(rows.GetString(1));
                var epoch = rows.GetInt64(2);
                entries.Add(new OutboxEntry(rows.GetInt64(0), sale, epoch, ReadRelease(rows, sale, epoch)));
                if (!rows.IsDBNull(6))
                {
                    ofTerms.Add(entries.Count - 1);
                }
            }
        }

        var changed = ofTerms.Select(place => entries[place].Sale).ToHashSet();
        var terms = (await SaleRows.ReadAsync(connection, changed, cancellationToken))
            .ToDictionary(sale => sale.Sale.Id);
        foreach (var place in ofTerms)
        {
            var now = terms[entries[place].Sale];
            entries[place] = entries[place] with { Terms = now.Sale, Epoch = now.Epoch };
        }

        return entries;
    }

    private static Release? ReadRelease(NpgsqlDataReader row, SaleId sale, long epoch) =>
        row.IsDBNull(3)
            ? null
            : new Release(
                new OrderId(sale, OrderRows.ReadKey(row, 3)), OrderRows.ReadBuyer(row, 4), row.GetInt32(5), epoch);
}
