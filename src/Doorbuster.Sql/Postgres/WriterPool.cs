using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The connections that write. One whose COMMIT nobody answers in time is left to itself, and another takes its place.
/// </summary>
/// <remarks>
/// Invariant: none of these COMMITs is ever cancelled. PostgreSQL that waits for a synchronous standby takes a cancel
/// as word to wait no longer: the transaction stands, is seen by everyone and may be lost with the server
/// (https://www.postgresql.org/docs/15/warm-standby.html#SYNCHRONOUS-REPLICATION). Until then nobody sees it, and its
/// locks keep off whoever reads back what became of it (F08). Tests: <c>F08_SilentStandbyTests</c>.
/// </remarks>
/// <param name="source">Where connections come from: twice as many as places.</param>
/// <param name="places">How many are used at once; as many again may be left and replaced.</param>
/// <param name="patience">How long a COMMIT is waited for, and a free place.</param>
internal sealed class WriterPool(NpgsqlDataSource source, int places, TimeSpan patience) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(places);
    private readonly SemaphoreSlim _replaceable = new(places);

    /// <summary>Takes a connection, which must be given back, or left.</summary>
    /// <exception cref="NpgsqlException">There is none now.</exception>
    /// <exception cref="TimeoutException">All are in use.</exception>
    public async ValueTask<NpgsqlConnection> TakeAsync(CancellationToken cancellationToken)
    {
        if (!await _free.WaitAsync(patience, cancellationToken))
        {
            throw new TimeoutException($"All {places} connections that write have been in use for {patience}.");
        }

        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>Reads on a connection.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        var connection = await TakeAsync(cancellationToken);
        try
        {
            return await read(connection);
        }
        finally
        {
            await GiveBackAsync(connection);
        }
    }

    /// <summary>
    /// Gives a connection back; what was not committed is taken back. Where the connection breaks over that, the server
    /// takes it back by itself, and nobody is worse off (F16).
    /// </summary>
    public async ValueTask GiveBackAsync(NpgsqlConnection connection)
    {
        try
        {
            await CloseAsync(connection);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>
    /// Runs a batch that ends with COMMIT, and leaves it to itself where it has not ended in time. Where as many as may
    /// be are left already, nothing takes its place: then nobody can write until one has ended.
    /// </summary>
    /// <param name="connection">What it runs on.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>False where it is still under way: neither connection nor batch are the caller's any more.</returns>
    public async Task<bool> HasEndedAsync(NpgsqlConnection connection, NpgsqlBatch batch)
    {
        // What comes before the COMMIT the server gives up by itself, as each statement's time is over.
        batch.Timeout = 0;
        var running = batch.ExecuteNonQueryAsync(CancellationToken.None);
        await ((Task)running).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompleted)
        {
            _ = LeaveAsync(connection, batch, running);
            return false;
        }

        await running;
        return true;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static async Task CloseAsync(NpgsqlConnection connection)
    {
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception fault) when (PostgresFaults.IsTransient(fault))
        {
            // It is broken, and its place in the pool is free.
        }
    }

    /// <summary>However it ends, those who ask the store for it find out.</summary>
    private async Task LeaveAsync(NpgsqlConnection connection, NpgsqlBatch batch, Task running)
    {
        var isReplaced = _replaceable.Wait(0);
        if (isReplaced)
        {
            _free.Release();
        }

        try
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await batch.DisposeAsync();
            await CloseAsync(connection);
        }
        finally
        {
            (isReplaced ? _replaceable : _free).Release();
        }
    }
}
