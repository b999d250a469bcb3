using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <content>The nodes that share the store.</content>
public sealed partial class PostgresReconciliation : INodeList
{
    /// <inheritdoc/>
    public async ValueTask BeatAsync(NodeBeat beat, TimeSpan keep, CancellationToken cancellationToken) =>
        await _connections.ReadAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.Add(Nodes.Beat, Nodes.Of(beat));
                batch.Add(Nodes.Sweep, Leases.Of(keep));
                return await batch.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(string node, CancellationToken cancellationToken) =>
        await _connections.ReadAsync(
            async connection =>
            {
                await using var leave = Command(connection, Nodes.Leave, Parameters.Of(node));
                return await leave.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ListedNode>> ListAsync(
        string? after, int most, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => Nodes.ReadPageAsync(connection, after, most, cancellationToken), cancellationToken);
}
