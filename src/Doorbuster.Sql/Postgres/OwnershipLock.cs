using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The right to own an order store (F18): an advisory lock of a session that does nothing else. The server frees it
/// when the session ends, however that comes.
/// </summary>
/// <remarks>
/// Invariant: the lock keeps a second process from starting; it is not what keeps an old owner from writing, for a
/// session can be lost and nobody notice. That is the epoch of each sale, which a new owner raises and every
/// transaction compares under the sale's lock. So a lost session is taken up again in the background, unless another
/// process has become the owner meanwhile. Tests: <c>F18_OneOwnerTests</c>.
/// </remarks>
internal sealed partial class OwnershipLock : IAsyncDisposable
{
    private const string TryLock = $"SELECT pg_try_advisory_lock({AdvisoryLocks.Ownership})";

    private const string Unlock = $"SELECT pg_advisory_unlock({AdvisoryLocks.Ownership})";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a lock that another has is tried before that counts: the server may not have noticed yet that the
    /// process which had it is gone.
    /// </summary>
    private const int Tries = 6;

    private readonly PostgresOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private NpgsqlConnection? _session;
    private Task _keeping = Task.CompletedTask;

    private OwnershipLock(PostgresOptions options, NpgsqlConnection session, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _session = session;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Takes the lock, or waits for it.</summary>
    /// <param name="options">Whether to wait, and where a lost session is taken up again.</param>
    /// <param name="session">An open connection, which is the lock's from now on if it returns.</param>
    /// <param name="clock">The time between two tries.</param>
    /// <param name="logger">Told that it waits, or lost its session.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreLockedException">Another process has it, and waiting was not asked for.</exception>
    public static async Task<OwnershipLock> AcquireAsync(
        PostgresOptions options, NpgsqlConnection session, TimeProvider clock, ILogger logger,
        CancellationToken cancellationToken)
    {
        for (var tries = 1; !await TryAsync(session, cancellationToken); tries++)
        {
            if (tries >= Tries && !options.WaitForLock)
            {
                throw new StoreLockedException(
                    $"Another process owns the order store in schema '{options.Schema}' of database "
                    + $"'{session.Database}' at {session.Host}:{session.Port}. Stop it, choose another schema "
                    + "(Doorbuster:Postgres:Schema), or start with --wait-for-lock to take over once it ends.");
            }

            if (tries == Tries)
            {
                LockQueue.Announce(logger, $"{session.Host}:{session.Port}/{session.Database}");
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }

        return new OwnershipLock(options, session, clock, logger);
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
                await RunAsync(session, Unlock, CancellationToken.None);
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
                    await RunAsync(session, "SELECT 1", _end.Token);
                }
                else
                {
                    isOurs = await TakeUpAsync(isStillOurs);
                }
            }
            catch (Exception fault) when (PostgresFaults.IsTransient(fault))
            {
                await LoseAsync(fault);
            }
        }
    }

    private async Task LoseAsync(Exception fault)
    {
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
            isKept = isOurs && await TryAsync(session, _end.Token);
            if (isKept)
            {
                // Between the look and the lock somebody may have come and gone.
                isKept = isOurs = await isStillOurs(session);
            }

            if (isKept)
            {
                _session = session;
                Log.LockRegained(_logger);
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

    private static async Task<bool> TryAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TryLock, session);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task RunAsync(NpgsqlConnection session, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(cancellationToken);
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
