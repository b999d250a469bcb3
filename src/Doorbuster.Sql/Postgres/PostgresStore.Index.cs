using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>What sales there are, for nodes that share the store.</content>
public sealed partial class PostgresStore
{
    private const string SelectGlances =
        "SELECT id, epoch, revision, version, available, is_over, available_version FROM sales ORDER BY id";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleGlance>> GlanceAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SaleGlance>>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(SelectGlances, connection);
                await using var rows = await command.ExecuteReaderAsync(cancellationToken);
                var glances = new List<SaleGlance>();
                while (await rows.ReadAsync(cancellationToken))
                {
                    glances.Add(new SaleGlance(
                        SaleId.Parse(rows.GetString(0)), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3),
                        rows.GetInt32(4), rows.GetBoolean(5))
                    {
                        Gate = _use == StoreUse.AsGate
                            ? new StockView(rows.GetInt64(1), rows.GetInt64(6), rows.GetInt32(4))
                            : null,
                    });
                }

                return glances;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StandingSale>> ReadAsync(
        IReadOnlyCollection<SaleId> sales, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StandingSale>>(
            async connection =>
            [
                .. (await SaleRows.ReadAsync(connection, sales, cancellationToken))
                    .Select(sale => new StandingSale(sale.Sale, sale.Epoch, sale.Stock)),
            ],
            cancellationToken);
}
