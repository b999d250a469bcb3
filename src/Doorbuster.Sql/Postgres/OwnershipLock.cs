using System.Globalization;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The right to work on an order store (F18): an advisory lock of a session that does nothing else. One process owns
/// a store alone, or many nodes share it; never both. The server frees the lock when the session ends, however that
/// comes.
/// </summary>
/// <remarks>
/// Invariant: the lock keeps a process from starting that does not belong; it is not what keeps an old owner from
/// writing, for a session can be lost and nobody notice. That is the epoch of each sale, which a new owner raises and
/// every transaction compares under the sale's lock, and among nodes that share a store <see cref="GateFence"/>. So a
/// lost session is taken up again in the background, unless another process has become the owner meanwhile. Tests:
/// <c>F18_OneOwnerTests</c>, <c>F18_SharedStoreTests</c>, <c>F18_LostGateTests</c>.
/// </remarks>
internal sealed partial class OwnershipLock : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a lock that another has is tried before that counts: the server may not have noticed yet that the
    /// process which had it is gone.
    /// </summary>
    private const int Tries = 6;

    /// <summary>A lock is given up so many times later than a transaction in which nobody works.</summary>
    private const int IdleTransactions = 10;

    private readonly PostgresOptions _options;
    private readonly LockSql _sql;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NpgsqlConnection? _session;
    private Task _keeping = Task.CompletedTask;
    private volatile string? _fault;

    private OwnershipLock(
        PostgresOptions options, LockSql sql, NpgsqlConnection session, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _sql = sql;
        _session = session;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>
    /// What is amiss with the server or with our lock on it, as it was seen a second ago, in words; null where nothing
    /// is. A server that hangs is found out after as long as a statement may take.
    /// </summary>
    public string? Fault => _fault;

    /// <summary>Ends once another process has become the owner: what is known here of the store is old.</summary>
    public Task Lost => _lost.Task;

    /// <summary>
    /// What has the server end a session whose process has vanished, and free its lock: it lies idle but for its
    /// pulses, outside of a transaction, and the server would hear of a host that is gone after two hours.
    /// </summary>
    private static string Mortal(PostgresOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"SET idle_session_timeout = {(long)(IdleTransactions * options.IdleTransactionTimeout).TotalMilliseconds}");

    /// <summary>Takes the lock, or waits for it.</summary>
    /// <param name="options">Whether to wait, and where a lost session is taken up again.</param>
    /// <param name="sql">Whether others may have it too, and who.</param>
    /// <param name="session">An open connection, which is the lock's from now on if it returns.</param>
    /// <param name="clock">The time between two tries.</param>
    /// <param name="logger">Told that it waits, or lost its session.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreLockedException">Another process has it, and waiting was not asked for.</exception>
    public static async Task<OwnershipLock> AcquireAsync(
        PostgresOptions options, LockSql sql, NpgsqlConnection session, TimeProvider clock, ILogger logger,
        CancellationToken cancellationToken)
    {
        await LockSql.RunAsync(session, Mortal(options), cancellationToken);
        for (var tries = 1; !await sql.TryAsync(session, cancellationToken); tries++)
        {
            if (tries >= Tries && !options.WaitForLock)
            {
                throw new StoreLockedException(
                    await sql.RefusalAsync(session, options.Schema, cancellationToken));
            }

            if (tries == Tries)
            {
                LockQueue.Announce(logger, $"{session.Host}:{session.Port}/{session.Database}");
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }

        return new OwnershipLock(options, sql, session, clock, logger);
    }

    /// <summary>Looks after the session from now on, for as long as the store is ours.</summary>
    /// <param name="isStillOurs">Whether nobody else has become the owner.</param>
    public void Keep(Func<NpgsqlConnection, Task<bool>> isStillOurs) => _keeping = KeepAsync(isStillOurs);

    /// <summary>Gives the lock back; once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_session is { } session)
        {
            try
            {
                // Closing alone would free it a moment later, and the next process may not wait.
                await LockSql.RunAsync(session, _sql.Unlock, CancellationToken.None);
            }
            catch (Exception fault) when (PostgresFaults.IsTransient(fault))
            {
                // The session is lost, and the lock with it.
            }

            await session.DisposeAsync();
        }

        _end.Dispose();
    }

    private async Task KeepAsync(Func<NpgsqlConnection, Task<bool>> isStillOurs)
    {
        var isOurs = true;
        while (isOurs)
        {
            await Task.Delay(Pulse, _clock, _end.Token);
            try
            {
                if (_session is { } session)
                {
                    await LockSql.RunAsync(session, "SELECT 1", _end.Token);
                }
                else
                {
                    isOurs = await TakeUpAsync(isStillOurs);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                await LoseAsync(fault);
            }
        }

        _fault = "Another process has become the owner of the order store.";
        _lost.TrySetResult();
    }

    private async Task LoseAsync(Exception fault)
    {
        _fault = $"PostgreSQL cannot be reached ({_options.Place}).";
        if (_session is { } lost)
        {
            _session = null;
            Log.LockLost(_logger, fault.Message);
            await lost.DisposeAsync();
        }
    }

    /// <summary>Takes the lock in a new session.</summary>
    /// <returns>False where another process has become the owner: then it is that one's.</returns>
    private async Task<bool> TakeUpAsync(Func<NpgsqlConnection, Task<bool>> isStillOurs)
    {
        var session = PostgresConnections.Alone(_options);
        var isKept = false;
        try
        {
            await session.OpenAsync(_end.Token);
            var isOurs = await isStillOurs(session);
            await LockSql.RunAsync(session, Mortal(_options), _end.Token);
            isKept = isOurs && await _sql.TryAsync(session, _end.Token);
            if (isKept)
            {
                // Between the look and the lock somebody may have come and gone.
                isKept = isOurs = await isStillOurs(session);
            }

            if (isKept)
            {
                _session = session;
                _fault = null;
                Log.LockRegained(_logger);
            }
            else if (isOurs)
            {
                _fault = "Another process holds the order store's lock.";
            }

            return isOurs;
        }
        finally
        {
            if (!isKept)
            {
                await session.DisposeAsync();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.LockLost, LogLevel.Warning,
            "The session that holds the order store's lock is lost, and is taken up again: {Reason}")]
        public static partial void LockLost(ILogger logger, string reason);

        [LoggerMessage(EventIds.LockRegained, LogLevel.Information, "The order store's lock is ours again.")]
        public static partial void LockRegained(ILogger logger);
    }
}
