using Doorbuster.Claims;
using Doorbuster.Reconciliation;

namespace Doorbuster.Sql.Sqlite;

/// <content>Epochs of single sales, whose gates are opened anew while the store is ours.</content>
public sealed partial class SqliteStore : IEpochs
{
    private const string SelectEpochs = "SELECT s.id, k.epoch FROM sales AS s JOIN stock AS k ON k.sale_no = s.no";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<SaleEpoch>>(
            reader =>
            {
                using var rows = reader.Connection.Prepare($"{SelectEpochs} ORDER BY s.id");
                var epochs = new List<SaleEpoch>();
                while (rows.Step())
                {
                    epochs.Add(new SaleEpoch(SaleId.Parse(rows.GetText(0)), rows.GetInt64(1)));
                }

                return epochs;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SaleEpoch?> FindEpochAsync(SaleId sale, CancellationToken cancellationToken) =>
        _readers.ReadAsync(
            reader =>
            {
                using var row = reader.Connection.Prepare($"{SelectEpochs} WHERE s.id = ?1");
                return row.BindText(1, sale.ToString()).Step()
                    ? new SaleEpoch(sale, row.GetInt64(1))
                    : (SaleEpoch?)null;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GateSnapshot?> RaiseAsync(
        SaleId sale, long from, long to, string reason, CancellationToken cancellationToken) =>
        WriteAsync(() => _saleNos.TryGetValue(sale, out var no) ? _sales.Raise(no, from, to) : null);
}
