namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// The one connection that writes, for one caller at a time, in the order in which they came: a lane that commits batch
/// after batch would otherwise keep what expires, and what is paid, from being written (at 4,000 claims a second 5,000
/// orders expired a second, and with turns 40,000). Work runs on its caller's thread where nobody else is at work.
/// </summary>
/// <remarks>Shown by <c>WriterTests</c>.</remarks>
internal sealed class Writer(Connection connection) : IAsyncDisposable
{
    // Whoever waits for it without blocking gets it in order of arrival, and nobody overtakes.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isClosed;

    /// <summary>
    /// Waits for its turn and runs a piece of work, in milliseconds; what it throws, the caller gets.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store is closed.</exception>
    public async ValueTask<T> RunAsync<T>(Func<Connection, T> work)
    {
        await _turn.WaitAsync();
        try
        {
            return _isClosed ? throw new StoreUnavailableException("The order store is closed.") : work(connection);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits for its turn and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _isClosed = true;
        connection.Dispose();
        _turn.Release();
    }
}
