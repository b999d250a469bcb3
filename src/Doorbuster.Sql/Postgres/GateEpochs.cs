using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How the epochs of sales' gates are rows.</summary>
internal static class GateEpochs
{
    private const string SelectOpen = $"{Select} WHERE NOT s.is_over ORDER BY s.id";

    private const string SelectOne = $"{Select} WHERE s.id = $1";

    public const string Raise = "UPDATE sales SET epoch = $2 WHERE no = $1";

    public const string Insert = "INSERT INTO gate_epochs (sale_no, epoch, at, reason) VALUES ($1, $2, now(), $3)";

    /// <summary>What a gate of an earlier epoch has done wrong, this one answers.</summary>
    public const string DeleteDrifts =
        "DELETE FROM outbox WHERE sale_no = $1 AND order_key IS NULL AND revision IS NULL";

    private const string Select =
        """
        SELECT s.id, s.epoch, s.is_over,
               EXISTS (SELECT FROM outbox AS o WHERE o.sale_no = s.no AND o.epoch = s.epoch AND o.order_key IS NULL
                       AND o.revision IS NULL)
        FROM sales AS s
        """;

    /// <summary>Every sale that has a gate, in ascending order of id.</summary>
    public static Task<IReadOnlyList<SaleEpoch>> ReadAllAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ReadAsync(new NpgsqlCommand(SelectOpen, connection), cancellationToken);

    /// <summary>One sale; null where there is none.</summary>
    public static async Task<SaleEpoch?> FindAsync(
        NpgsqlConnection connection, SaleId sale, CancellationToken cancellationToken)
    {
        var select = new NpgsqlCommand(SelectOne, connection);
        select.Parameters.Add(Parameters.Of(sale.ToString()));
        return await ReadAsync(select, cancellationToken) is [var one] ? one : null;
    }

    private static async Task<IReadOnlyList<SaleEpoch>> ReadAsync(
        NpgsqlCommand select, CancellationToken cancellationToken)
    {
        await using (select)
        {
            await using var rows = await select.ExecuteReaderAsync(cancellationToken);
            var epochs = new List<SaleEpoch>();
            while (await rows.ReadAsync(cancellationToken))
            {
                epochs.Add(Read(rows));
            }

            return epochs;
        }
    }

    private static SaleEpoch Read(NpgsqlDataReader row) => new(
        SaleId.Parse(row.GetString(0)), row.GetInt64(1), HasDrifted: row.GetBoolean(3), IsOver: row.GetBoolean(2));
}
