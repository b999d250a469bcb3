using System.Collections.Concurrent;

namespace Doorbuster.Sql.Sqlite;

/// <summary>
/// The one thread that writes. It owns the writing connection, takes one piece of work after another, and between two
/// of them folds the log back when asked. Whoever waits goes on elsewhere: nothing runs here but SQLite.
/// </summary>
internal sealed class Writer : IDisposable
{
    private const int MaxQueued = 1_024;

    private readonly Connection _connection;
    private readonly BlockingCollection<Action> _work = new(MaxQueued);
    private readonly Thread _thread;

    /// <summary>Takes the connection over and starts.</summary>
    public Writer(Connection connection)
    {
        _connection = connection;
        _thread = new Thread(Work) { Name = "doorbuster-sqlite-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs a piece of work on the writing connection, once; what it throws, the caller gets.</summary>
    /// <exception cref="StoreUnavailableException">The writer has stopped, or its queue is full.</exception>
    public Task<T> RunAsync<T>(Func<Connection, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = !_work.IsAddingCompleted && _work.TryAdd(() =>
        {
            try
            {
                done.SetResult(work(_connection));
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        return queued
            ? done.Task
            : throw new StoreUnavailableException("The order store's writer has stopped or has too much to do.");
    }

    /// <summary>Ends after the work that is queued.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _connection.Dispose();
        _work.Dispose();
    }

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
