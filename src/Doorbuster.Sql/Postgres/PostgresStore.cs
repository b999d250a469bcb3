using System.Collections.Concurrent;
using Doorbuster.Fulfilment;
using Doorbuster.Orders;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The order store in PostgreSQL: owned by one process whose gate is in memory, or shared by nodes over a gate of its
/// own, or the gate itself. A commit is on disk when it returns.
/// </summary>
/// <remarks>
/// <para>
/// Transactions run side by side. Each locks the rows of its sales first, in ascending order of id, and compares their
/// epochs with those that this process took over: what an earlier owner begins after that writes nothing (F18). Reads
/// wait for nobody. A transaction takes two round trips, see <see cref="WriteTransaction"/>.
/// </para>
/// <para>
/// Where it is shared nobody owns it, and claims come by <see cref="PostgresFulfilment"/>. What a transaction changes
/// that the gate must hear of, units that come back and other terms, is a row of the outbox in that transaction, under
/// the epoch that the locked row has (I2). Where it is the gate, claims come by <see cref="PostgresGate"/>, and nobody
/// else has to hear of anything.
/// </para>
/// </remarks>
public sealed partial class PostgresStore : ILedger, ISaleStore, IOrderStore, ISaleIndex, IAsyncDisposable
{
    private readonly PostgresConnections _connections;
    private readonly OwnershipLock _lock;
    private readonly StoreUse _use;
    private readonly string _schema;
    private readonly ILogger _logger;
    private readonly CommitTurns _turns;

    /// <summary>The epoch under which each sale is ours.</summary>
    private readonly ConcurrentDictionary<SaleId, long> _epochs = new();

    private long _owner;
    private bool _isClosed;

    private PostgresStore(
        PostgresConnections connections, OwnershipLock @lock, StoreUse use, string schema, long owner, ILogger logger)
    {
        _schema = schema;
        _connections = connections;
        _lock = @lock;
        _use = use;
        _logger = logger;
        _owner = owner;
        _turns = new CommitTurns(logger);
    }

    /// <summary>
    /// What is amiss with the server, or with our lock on the store, in words; null where nothing is. It is seen once a
    /// second, and a server that hangs after as long as a statement may take.
    /// </summary>
    public string? Fault => _lock.Fault;

    /// <summary>Ends once another process has become the owner of the store.</summary>
    public Task Lost => _lock.Lost;

    /// <summary>
    /// Opens the store: waits for a server that does not answer yet, looks at it and at the schema, and takes the
    /// owner's lock.
    /// </summary>
    /// <exception cref="StoreLockedException">
    /// Another process owns it, or nodes share it, and waiting was not asked for.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The server or the schema will not do; the message says what to change.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The server does not answer, or refuses.</exception>
    public static Task<PostgresStore> OpenAsync(
        PostgresOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken) =>
        FirstAnswer.WaitAsync(
            options, clock, logger, () => OpenAsync(options, StoreUse.Alone, clock, logger, cancellationToken),
            cancellationToken);

    /// <summary>
    /// Opens a store that nodes share: waits for a server that does not answer yet, looks at it and at the schema, and
    /// takes the lock beside the others.
    /// </summary>
    /// <exception cref="StoreLockedException">A process owns it, and waiting was not asked for.</exception>
    /// <exception cref="InvalidOperationException">They will not do; the message says what to change.</exception>
    /// <exception cref="StoreUnavailableException">The server does not answer, or refuses.</exception>
    public static Task<PostgresStore> OpenSharedAsync(
        PostgresOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken) =>
        FirstAnswer.WaitAsync(
            options, clock, logger, () => OpenAsync(options, StoreUse.BehindGate, clock, logger, cancellationToken),
            cancellationToken);

    /// <summary>
    /// Opens a store that nodes share and that is their gate itself: the same, and where another gate has worked on it
    /// before, none of that can be believed from now on.
    /// </summary>
    /// <exception cref="StoreLockedException">
    /// A process owns it, or nodes of another gate share it, and waiting was not asked for.
    /// </exception>
    /// <exception cref="InvalidOperationException">They will not do; the message says what to change.</exception>
    /// <exception cref="StoreUnavailableException">The server does not answer, or refuses.</exception>
    public static Task<PostgresStore> OpenAsGateAsync(
        PostgresOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken) =>
        FirstAnswer.WaitAsync(
            options, clock, logger, () => OpenAsync(options, StoreUse.AsGate, clock, logger, cancellationToken),
            cancellationToken);

    /// <summary>The gate's side of a store that is the gate, over the same connections; they stay ours.</summary>
    /// <param name="concurrency">How transactions keep out of each other's way.</param>
    public PostgresGate Gate(GateConcurrency concurrency) =>
        _use == StoreUse.AsGate
            ? new PostgresGate(_connections, concurrency, Interlocked.Read(ref _owner), _logger)
            : throw new InvalidOperationException("The store was not opened as the gate.");

    /// <summary>The claim log's side of a store that nodes share, over the same connections; they stay ours.</summary>
    /// <param name="clock">The time of its transactions.</param>
    /// <param name="logger">Told of the store's outages.</param>
    public PostgresFulfilment Fulfilment(TimeProvider clock, ILogger logger) => new(_connections, clock, logger);

    /// <summary>What a store that nodes share has for gates that are rebuilt; the connections stay ours.</summary>
    /// <param name="clock">The time of its transactions.</param>
    public PostgresReconciliation Reconciliation(TimeProvider clock) => new(_connections, clock);

    /// <summary>Closes the connections and gives the lock back; once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _isClosed, true))
        {
            await _connections.DisposeAsync();
            await _lock.DisposeAsync();
        }
    }

    private static async Task<PostgresStore> OpenAsync(
        PostgresOptions options, StoreUse use, TimeProvider clock, ILogger logger,
        CancellationToken cancellationToken)
    {
        var session = PostgresConnections.Alone(options);
        OwnershipLock? held = null;
        try
        {
            await session.OpenAsync(cancellationToken);
            var synchronousCommit = await ServerCheck.RunAsync(session, cancellationToken);
            await PostgresMigrator.CheckAsync(session, options.Schema, cancellationToken);
            held = await OwnershipLock.AcquireAsync(
                options, LockSql.Of(use), session, clock, logger, cancellationToken);
            await BeginUseAsync(session, use, logger, cancellationToken);
            var owner = await ReadOwnerAsync(session);
            var connections = new PostgresConnections(options, synchronousCommit)
            {
                Fence = use == StoreUse.Alone ? null : new GateFence(owner),
            };
            var store = new PostgresStore(connections, held, use, options.Schema, owner, logger);
            held.Keep(async again => await ReadOwnerAsync(again) == Interlocked.Read(ref store._owner));
            return store;
        }
        catch (Exception fault)
        {
            await (held?.DisposeAsync() ?? session.DisposeAsync());
            if (fault is NpgsqlException or TimeoutException)
            {
                throw new StoreUnavailableException(
                    $"The order store at {session.Host}:{session.Port} could not be opened. {fault.Message}", fault);
            }

            throw;
        }
    }

    /// <summary>Says which gate works on the store from now on; an owner says so when it takes it over.</summary>
    private static Task BeginUseAsync(
        NpgsqlConnection session, StoreUse use, ILogger logger, CancellationToken cancellationToken) => use switch
        {
            StoreUse.BehindGate => GateSwitch.NoteRedisAsync(session, cancellationToken),
            StoreUse.AsGate => GateSwitch.RunAsync(session, logger, cancellationToken),
            _ => Task.CompletedTask,
        };

    private static async Task<long> ReadOwnerAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT owner FROM ownership", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Begins a transaction of our own; see <see cref="WriteTransaction.BeginAsync"/>.</summary>
    private Task<(WriteTransaction Transaction, T Found)> BeginAsync<T>(
        Action<NpgsqlBatch> prepare, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        MustBeOpen();
        return WriteTransaction.BeginAsync(_connections, prepare, read, cancellationToken);
    }

    /// <summary>Runs a read; see <see cref="PostgresConnections.ReadAsync"/>.</summary>
    private ValueTask<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        MustBeOpen();
        return _connections.ReadAsync(read, cancellationToken);
    }

    private void MustBeOpen()
    {
        if (_isClosed)
        {
            throw new StoreUnavailableException("The order store is closed.");
        }
    }

    private bool IsShared => _use != StoreUse.Alone;

    /// <summary>Whether a gate beside the store must hear of what changes here.</summary>
    private bool HasOutbox => _use == StoreUse.BehindGate;

    /// <summary>
    /// A sale is ours while it has the epoch under which we took it over; one that nodes share is everybody's.
    /// </summary>
    private bool IsOurs(SaleId sale, long epoch) =>
        IsShared || _epochs.TryGetValue(sale, out var ours) && ours == epoch;
}

/// <summary>Who works on an order store.</summary>
internal enum StoreUse
{
    /// <summary>One process, whose gate is in its memory.</summary>
    Alone,

    /// <summary>Nodes that share it over a gate of its own.</summary>
    BehindGate,

    /// <summary>Nodes that share it, and it is their gate.</summary>
    AsGate,
}
