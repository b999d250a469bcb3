namespace Doorbuster.Sql.Sqlite;

/// <summary>A fixed number of reading connections, each with the statement that finds an order by its row.</summary>
internal sealed class ReadPool : IDisposable
{
    private const int ReaderCacheKiB = 2_048;

    private readonly Stack<Reader> _free = new();
    private readonly SemaphoreSlim _places;

    public ReadPool(string path, int readers)
    {
        _places = new SemaphoreSlim(readers);
        for (var i = 0; i < readers; i++)
        {
            _free.Push(new Reader(new Connection(path, writes: false, ReaderCacheKiB)));
        }
    }

    /// <summary>Runs a read on a free connection, or waits for one.</summary>
    /// <exception cref="StoreUnavailableException">The database could not be read.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<Reader, T> read, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        var reader = Take();
        try
        {
            return read(reader);
        }
        catch (SqliteException fault)
        {
            throw new StoreUnavailableException("The order store could not be read.", fault);
        }
        finally
        {
            GiveBack(reader);
            _places.Release();
        }
    }

    public void Dispose()
    {
        foreach (var reader in _free)
        {
            reader.Dispose();
        }

        _places.Dispose();
    }

    private Reader Take()
    {
        lock (_free)
        {
            return _free.Pop();
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

        public void Dispose()
        {
            OrderByRow.Dispose();
            Connection.Dispose();
        }
    }
}
