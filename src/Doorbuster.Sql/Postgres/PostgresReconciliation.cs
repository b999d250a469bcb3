using Doorbuster.Claims;
using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The order store's side of gates that are rebuilt, of claims that were lost with one, and of the turns that nodes
/// take at it, in PostgreSQL. Any number of nodes may do so at once.
/// </summary>
/// <remarks>
/// What changes a sale locks its row first, like every other transaction. Tests: <c>PostgresEpochTests</c>,
/// <c>PostgresLeaseTests</c>, which keep the suites of every such store.
/// </remarks>
public sealed partial class PostgresReconciliation : IEpochs, ILease, ILostClaims, IAsyncDisposable
{
    private readonly PostgresConnections _connections;
    private readonly TimeProvider _clock;

    internal PostgresReconciliation(PostgresConnections connections, TimeProvider clock)
    {
        _connections = connections;
        _clock = clock;
    }

    /// <summary>Looks at the server and the schema, and connects.</summary>
    /// <exception cref="InvalidOperationException">They will not do; the message says what to change.</exception>
    /// <exception cref="StoreUnavailableException">The server does not answer, or refuses.</exception>
    public static async Task<PostgresReconciliation> OpenAsync(
        PostgresOptions options, TimeProvider clock, CancellationToken cancellationToken) =>
        new(await PostgresConnections.OpenAsync(options, cancellationToken), clock);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SaleEpoch>> ReadEpochsAsync(CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => GateEpochs.ReadAllAsync(connection, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SaleEpoch?> FindEpochAsync(SaleId sale, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => GateEpochs.FindAsync(connection, sale, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<GateSnapshot?> RaiseAsync(
        SaleId sale, long from, long to, string reason, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            connection => new EpochRaise(sale, from, to, reason, _connections.Fence)
                .RunAsync(connection, cancellationToken),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LeaseGrant?> TakeAsync(
        string name, string holder, TimeSpan life, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            async connection =>
            {
                await using var take = Command(
                    connection, Leases.Take, Parameters.Of(name), Parameters.Of(holder), Leases.Of(life));
                return await take.ExecuteScalarAsync(cancellationToken) is long number
                    ? new LeaseGrant(name, holder, number)
                    : null;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(LeaseGrant grant, TimeSpan life, CancellationToken cancellationToken) =>
        await UpdateAsync(Leases.Renew, grant, [Leases.Of(life)], cancellationToken) == 1;

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(LeaseGrant grant, CancellationToken cancellationToken) =>
        await UpdateAsync(Leases.Release, grant, [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private ValueTask<int> UpdateAsync(
        string sql, LeaseGrant grant, NpgsqlParameter[] rest, CancellationToken cancellationToken) =>
        _connections.ReadAsync(
            async connection =>
            {
                await using var update = Command(
                    connection, sql,
                    [Parameters.Of(grant.Name), Parameters.Of(grant.Holder), Parameters.Of(grant.Number), .. rest]);
                return await update.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);

    private static NpgsqlCommand Command(
        NpgsqlConnection connection, string sql, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        return command;
    }
}
