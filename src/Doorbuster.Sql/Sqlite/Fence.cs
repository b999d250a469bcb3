namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// Whose the store is. Every start raises the owner's number, and every transaction passes the fence before it writes
/// anything else, so that a process which lost its lock can do no more harm (F18).
/// </summary>
internal sealed class Fence : IDisposable
{
    private readonly Connection _connection;
    private readonly Statement _pass;
    private long _owner;

    public Fence(Connection connection)
    {
        _connection = connection;
        _pass = connection.Prepare("UPDATE fence SET count = count + 1 WHERE owner = ?1");
        _owner = connection.ReadInt64("SELECT owner FROM fence");
    }

    /// <summary>Makes this process the owner; within a transaction.</summary>
    public void TakeOver()
    {
        _connection.Execute("UPDATE fence SET owner = owner + 1");
        _owner = _connection.ReadInt64("SELECT owner FROM fence");
    }

    /// <summary>
    /// Whether this process is still the owner; within a transaction, which then has something to write.
    /// </summary>
    public bool Pass()
    {
        _pass.Bind(1, _owner).Run();
        return _connection.Changes == 1;
    }

    /// <summary>
    /// Commits a transaction of its own. Once it is on disk, a commit before it whose outcome was unknown has ended:
    /// this
    /// one overwrites in the log what a recovery could still have found.
    /// </summary>
    /// <exception cref="SqliteException">The disk does not take it yet.</exception>
    /// <exception cref="StoreUnavailableException">Another process owns the store.</exception>
    public void Prove()
    {
        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            MustPass();
            _connection.Execute("COMMIT");
        }
        finally
        {
            _connection.RollbackIfOpen();
        }
    }

    /// <summary>Passes, or ends the work that wants to write.</summary>
    /// <exception cref="StoreUnavailableException">Another process owns the store.</exception>
    public void MustPass()
    {
        if (!Pass())
        {
            throw new StoreUnavailableException("Another process owns the order store.");
        }
    }

    public void Dispose() => _pass.Dispose();
}
