using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How the epochs of sales' gates are rows.</summary>
internal static class GateEpochs
{
    public const string SelectOpen = $"{Select} WHERE NOT s.is_over ORDER BY s.id";

    public const string SelectOne = $"{Select} WHERE s.id = $1";

    public const string Raise = "UPDATE sales SET epoch = $2 WHERE no = $1";

    public const string Insert = "INSERT INTO gate_epochs (sale_no, epoch, at, reason) VALUES ($1, $2, $3, $4)";

    /// <summary>What a gate of an earlier epoch has done wrong, this one answers.</summary>
    public const string DeleteDrifts = "DELETE FROM outbox WHERE sale_no = $1 AND order_key IS NULL";

    private const string Select =
        """
        SELECT s.id, s.epoch, s.is_over,
               EXISTS (SELECT FROM outbox AS o WHERE o.sale_no = s.no AND o.epoch = s.epoch AND o.order_key IS NULL)
        FROM sales AS s
        """;

    public static SaleEpoch Read(NpgsqlDataReader row) => new(
        SaleId.Parse(row.GetString(0)), row.GetInt64(1), HasDrifted: row.GetBoolean(3), IsOver: row.GetBoolean(2));
}
