using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>One transaction in two round trips: the first locks and reads, the second writes and commits.</summary>
/// <remarks>
/// Invariant: the second is sent only after the first has been answered. So a transaction whose COMMIT may stand or not
/// holds the locks of the first until it has ended, and whoever gets them then knows how it ended (F08). A first that
/// was never answered has written nothing. Tests: <c>F08_UnknownCommitTests</c>.
/// </remarks>
internal sealed class WriteTransaction : IAsyncDisposable
{
    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    private readonly WriterPool _writers;
    private readonly NpgsqlConnection _connection;
    private bool _isLeft;

    private WriteTransaction(WriterPool writers, NpgsqlConnection connection) =>
        (_writers, _connection) = (writers, connection);

    /// <summary>
    /// Begins, locks and reads, behind the fence that nodes have who share the store. A connection that had broken
    /// while nobody used it is replaced, once.
    /// </summary>
    /// <param name="connections">Where connections come from.</param>
    /// <param name="prepare">Adds the statements that lock and read.</param>
    /// <param name="read">Reads what they found; the reader stands before the first row of the first of them.</param>
    /// <param name="cancellationToken">Gives up; nothing has been written.</param>
    /// <exception cref="StoreUnavailableException">Nothing has been written.</exception>
    public static Task<(WriteTransaction Transaction, T Found)> BeginAsync<T>(
        PostgresConnections connections, Action<NpgsqlBatch> prepare, Func<NpgsqlDataReader, Task<T>> read,
        CancellationToken cancellationToken)
    {
        if (connections.Fence is not { } fence)
        {
            return BeginUnfencedAsync(connections.Writers, prepare, read, cancellationToken);
        }

        return BeginUnfencedAsync(
            connections.Writers,
            batch =>
            {
                prepare(batch);
                GateFence.AddTo(batch);
            },
            async reader =>
            {
                var found = await read(reader);
                await fence.PassAsync(reader);
                return found;
            },
            cancellationToken);
    }

    /// <summary>The same for those who look at the fence by themselves, or have none.</summary>
    /// <param name="writers">Where connections come from.</param>
    /// <param name="prepare">Adds the statements that lock and read.</param>
    /// <param name="read">Reads what they found; the reader stands before the first row of the first of them.</param>
    /// <param name="cancellationToken">Gives up; nothing has been written.</param>
    /// <exception cref="StoreUnavailableException">Nothing has been written.</exception>
    public static async Task<(WriteTransaction Transaction, T Found)> BeginUnfencedAsync<T>(
        WriterPool writers, Action<NpgsqlBatch> prepare, Func<NpgsqlDataReader, Task<T>> read,
        CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return await TryBeginAsync(writers, prepare, read, cancellationToken);
            }
            catch (Exception fault) when (isFirst && PostgresFaults.IsBrokenConnection(fault))
            {
                // The next connection may be as old; a new one is made where none is left.
            }
            catch (Exception fault) when (PostgresFaults.IsTransient(fault))
            {
                throw new StoreUnavailableException($"The order store cannot be written. {fault.Message}", fault);
            }
        }
    }

    /// <summary>Writes and commits.</summary>
    /// <param name="prepare">Adds the statements that write.</param>
    /// <exception cref="PostgresException">The data are refused, or the schema is not ours; nothing stands.</exception>
    /// <exception cref="StoreUnavailableException">Nothing stands.</exception>
    /// <exception cref="OutcomeUnknownException">It may stand or not.</exception>
    /// <exception cref="InvalidOperationException">It stands, and rows were not as they had been locked.</exception>
    public async Task CommitAsync(Action<Writes> prepare)
    {
        var batch = _connection.CreateBatch();
        using var warning = new StandbyWarning(_connection);
        try
        {
            var writes = new Writes(batch);
            prepare(writes);
            batch.Add("COMMIT");
            _isLeft = !await _writers.HasEndedAsync(_connection, batch);
            if (_isLeft)
            {
                throw new OutcomeUnknownException("What was to be written has not been confirmed in time.");
            }

            if (warning.WasGiven)
            {
                throw new OutcomeUnknownException("What was written stands, and no standby has confirmed it.");
            }

            writes.MustHaveCounted();
        }
        catch (Exception fault) when (PostgresFaults.IsTransient(fault))
        {
            throw PostgresFaults.IsRollback(fault)
                ? new StoreUnavailableException($"The order store cannot be written. {fault.Message}", fault)
                : new OutcomeUnknownException("What was to be written may stand or not.", fault);
        }
        finally
        {
            if (!_isLeft)
            {
                await batch.DisposeAsync();
            }
        }
    }

    /// <summary>Gives the connection back; what was not committed is taken back.</summary>
    public ValueTask DisposeAsync() => _isLeft ? ValueTask.CompletedTask : _writers.GiveBackAsync(_connection);

    private static async Task<(WriteTransaction Transaction, T Found)> TryBeginAsync<T>(
        WriterPool writers, Action<NpgsqlBatch> prepare, Func<NpgsqlDataReader, Task<T>> read,
        CancellationToken cancellationToken)
    {
        var connection = await writers.TakeAsync(cancellationToken);
        try
        {
            await using var batch = connection.CreateBatch();
            batch.Add(Begin);
            prepare(batch);
            await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
            {
                var found = await read(reader);
                return (new WriteTransaction(writers, connection), found);
            }
        }
        catch
        {
            await writers.GiveBackAsync(connection);
            throw;
        }
    }
}

/// <summary>The statements of a transaction that write, with how many rows each must change.</summary>
/// <param name="batch">Where they go.</param>
internal sealed class Writes(NpgsqlBatch batch)
{
    private readonly List<(NpgsqlBatchCommand Command, int Rows)> _counted = [];

    /// <summary>Adds a statement that changes as many rows as may be.</summary>
    public void Add(string sql, params ReadOnlySpan<NpgsqlParameter> values) => batch.Add(sql, values);

    /// <summary>
    /// Adds a statement that must change just so many rows; nothing is sent where that is none. The rows are locked, so
    /// another count is a broken invariant, which no other claim may pass by unseen.
    /// </summary>
    public void Add(int rows, string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        if (rows > 0)
        {
            _counted.Add((batch.Add(sql, values), rows));
        }
    }

    public void MustHaveCounted()
    {
        foreach (var (command, rows) in _counted)
        {
            if ((int)command.RecordsAffected != rows)
            {
                throw new InvalidOperationException(
                    $"{command.RecordsAffected} rows of {rows} were as they had been locked: {command.CommandText}");
            }
        }
    }
}
