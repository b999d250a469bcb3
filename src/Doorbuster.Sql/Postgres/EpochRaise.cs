using Doorbuster.Claims;
using Doorbuster.Reconciliation;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>How one sale begins a new epoch.</summary>
/// <param name="sale">The sale.</param>
/// <param name="from">The epoch that it is raised from.</param>
/// <param name="to">The new one.</param>
/// <param name="reason">Why.</param>
/// <param name="fence">Keeps out who has lost the store; null where there is none.</param>
internal sealed class EpochRaise(SaleId sale, long from, long to, string reason, GateFence? fence)
{
    /// <summary>
    /// Whether the gate holds units for dead letters. One in the memory of the store's owner has no log that could have
    /// left any: those of another gate were taken over with the store, without units.
    /// </summary>
    public bool HoldsLetters { get; init; } = true;

    /// <summary>
    /// In one transaction raises the epoch under the sale's lock and reads all that stands: what a gate of an earlier
    /// one admits can no longer be committed, and what was committed is read (I1, I2). Whoever would write meanwhile
    /// waits.
    /// </summary>
    /// <returns>Null where there is no such sale, or it has another epoch.</returns>
    public async Task<GateSnapshot?> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var wide = new NpgsqlCommand(PostgresConnections.AllAtOnce, connection);
        await wide.ExecuteNonQueryAsync(cancellationToken);
        if (await LockAsync(connection, cancellationToken) is not { } stored || stored.Epoch != from)
        {
            return null;
        }

        if (fence is not null)
        {
            await fence.PassAsync(connection, cancellationToken);
        }

        await using (var raise = new NpgsqlBatch(connection))
        {
            raise.Add(GateEpochs.Raise, Parameters.Of(stored.No), Parameters.Of(to));
            raise.Add(GateEpochs.Insert, Parameters.Of(stored.No), Parameters.Of(to), Parameters.Of(reason));
            raise.Add(GateEpochs.DeleteDrifts, Parameters.Of(stored.No));
            await raise.ExecuteNonQueryAsync(cancellationToken);
        }

        var snapshot = await SnapshotReader.ReadOneAsync(connection, stored, cancellationToken);
        if (HoldsLetters)
        {
            await HoldLettersAsync(connection, snapshot, cancellationToken);
        }

        await transaction.CommitConfirmedAsync(cancellationToken);
        return snapshot with { Epoch = to };
    }

    private async Task<StoredSale?> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SaleRows.LockOne, connection);
        command.Parameters.Add(Parameters.Of(sale.ToString()));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? SaleRows.Read(rows) : null;
    }

    private async Task HoldLettersAsync(
        NpgsqlConnection connection, GateSnapshot snapshot, CancellationToken cancellationToken)
    {
        var letters = new List<BuriedClaim>();
        await using (var select = new NpgsqlCommand(DeadLetters.SelectOfSale, connection))
        {
            select.Parameters.Add(Parameters.Of(sale.ToString()));
            await using var rows = await select.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                letters.Add(DeadLetters.ReadOfSale(rows));
            }
        }

        var held = BuriedClaims.Hold(
            snapshot.Holdings, snapshot.Stock.Available, snapshot.Sale.PerBuyerLimit, letters);
        if (held.Count > 0)
        {
            await using var restamp = new NpgsqlCommand(DeadLetters.Restamp, connection);
            restamp.Parameters.AddRange(DeadLetters.OfClaims(held));
            restamp.Parameters.Add(Parameters.Of(to));
            await restamp.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
