namespace Doorbuster.Sql.Sqlite;

/// <summary>A fixed number of reading connections, each with the statements that find orders by their rows.</summary>
/// <remarks>
/// A reader is in the pool or with the one who holds its place. Whoever closes the pool takes every place first, and
/// gives them back so that those who wait in line hear that it is closed. Tests: <c>ReadPoolTests</c>.
/// </remarks>
internal sealed class ReadPool : IAsyncDisposable
{
    private const int ReaderCacheKiB = 2_048;

    private readonly Stack<Reader> _free = new();
    private readonly SemaphoreSlim _places;
    private readonly int _readers;

    public ReadPool(string path, int readers)
    {
        _readers = readers;
        _places = new SemaphoreSlim(readers);
        for (var i = 0; i < readers; i++)
        {
            _free.Push(new Reader(new Connection(path, writes: false, ReaderCacheKiB)));
        }
    }

    /// <summary>Runs a read on a free connection, or waits for one.</summary>
    /// <exception cref="StoreUnavailableException">The database could not be read, or is closed.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<Reader, T> read, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        Reader? reader = null;
        try
        {
            reader = Take();
            return read(reader);
        }
        catch (SqliteException fault)
        {
            throw new StoreUnavailableException("The order store could not be read.", fault);
        }
        finally
        {
            if (reader is not null)
            {
                GiveBack(reader);
            }

            _places.Release();
        }
    }

    /// <summary>Waits for the reads that are under way or in line, and closes; once.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var place = 0; place < _readers; place++)
        {
            await _places.WaitAsync();
        }

        lock (_free)
        {
            while (_free.TryPop(out var reader))
            {
                reader.Dispose();
            }
        }

        _places.Release(_readers);
    }

    private Reader Take()
    {
        lock (_free)
        {
            return _free.TryPop(out var reader)
                ? reader
                : throw new StoreUnavailableException("The order store is closed.");
        }
    }

    private void GiveBack(Reader reader)
    {
        lock (_free)
        {
            _free.Push(reader);
        }
    }

    /// <summary>One reading connection.</summary>
    internal sealed class Reader(Connection connection) : IDisposable
    {
        public Connection Connection { get; } = connection;

        public Statement OrderByRow { get; } = connection.Prepare(OrderRows.SelectByRow);

        public Statement DueByRows { get; } = connection.Prepare(DueOrders.Select);

        public void Dispose()
        {
            OrderByRow.Dispose();
            DueByRows.Dispose();
            Connection.Dispose();
        }
    }
}
