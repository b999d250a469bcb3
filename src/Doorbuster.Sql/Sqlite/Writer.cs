namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// The one connection that writes, for one caller at a time. Work runs on its caller's thread: a lane that commits
/// would
/// otherwise pay two changes of thread a batch, and it has nothing else to do meanwhile.
/// </summary>
internal sealed class Writer(Connection connection) : IDisposable
{
    private readonly Lock _turn = new();
    private bool _isClosed;

    /// <summary>
    /// Waits for its turn and runs a piece of work, in milliseconds; what it throws, the caller gets.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store is closed.</exception>
    public T Run<T>(Func<Connection, T> work)
    {
        lock (_turn)
        {
            return _isClosed ? throw new StoreUnavailableException("The order store is closed.") : work(connection);
        }
    }

    /// <summary>Waits for its turn and closes the connection.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            _isClosed = true;
            connection.Dispose();
        }
    }
}
