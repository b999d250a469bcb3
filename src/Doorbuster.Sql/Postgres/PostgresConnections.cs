using System.Globalization;
using Npgsql;

namespace Doorbuster.Sql.Postgres;

/// <summary>
/// The connections of a store: so many that write, so many that read, each with the settings of its session fixed from
/// its first moment, so that neither the server's defaults nor a role's change what a commit means.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    /// <summary>How much longer than the server the client waits.</summary>
    private static readonly TimeSpan ForTheWire = TimeSpan.FromSeconds(1);

    /// <summary>Statements that a connection keeps prepared; there are fewer.</summary>
    private const int Prepared = 64;

    /// <summary>
    /// Nearly everything finds single rows by their keys. A plan made while the tables were empty would look through
    /// all of them, and would be kept when they are full.
    /// </summary>
    private const string ByKeyAlone =
        " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

    /// <summary>
    /// By default a server finds out after two hours that a host has vanished that held locks, and had sent it half of
    /// what it should run. These are of seconds.
    /// </summary>
    private const string FindsOutWhoIsGone = " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2";

    /// <summary>For those who read whole tables, in their transaction.</summary>
    public const string AllAtOnce =
        "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on; SET LOCAL plan_cache_mode = auto";

    private readonly NpgsqlDataSource _readers;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="options">Where, and how many.</param>
    /// <param name="synchronousCommit">How a commit becomes durable, as the server had it at start.</param>
    public PostgresConnections(PostgresOptions options, string synchronousCommit)
    {
        var session = $" -c synchronous_commit={synchronousCommit} -c jit=off";
        var timeout = Milliseconds(options.CommandTimeout);
        var writers = Build(
            options, 2 * options.Writers, options.CommandTimeout,
            $"{session} -c statement_timeout={timeout}{ByKeyAlone}");
        Writers = new WriterPool(writers, options.Writers, options.CommandTimeout + ForTheWire);
        _readers = Build(options, options.Readers, options.CommandTimeout, $"{session}{ByKeyAlone}");
    }

    /// <summary>Keeps out who has lost the store; null where that is the epochs' to do, or nobody's.</summary>
    public GateFence? Fence { get; init; }

    /// <summary>Connections that write.</summary>
    public WriterPool Writers { get; }

    /// <summary>Connections that read.</summary>
    public NpgsqlDataSource Readers => _readers;

    /// <summary>A connection of no pool, for as long as its owner wants: to look around, or to hold a lock.</summary>
    public static NpgsqlConnection Alone(PostgresOptions options) =>
        new(Settings(options, options.CommandTimeout, "", settings => settings.Pooling = false));

    /// <summary>
    /// A connection of no pool that hears what other sessions say, and soon finds out that its server is gone.
    /// </summary>
    public static NpgsqlConnection Listening(PostgresOptions options) =>
        new(Settings(options, options.CommandTimeout, "", settings =>
        {
            settings.Pooling = false;
            settings.KeepAlive = 5;
        }));

    /// <summary>One connection for word that is worth nothing after a crash: its commits wait for no disk.</summary>
    public static NpgsqlDataSource ForWord(PostgresOptions options) => Build(
        options, 1, options.CommandTimeout, " -c synchronous_commit=off -c jit=off");

    /// <summary>Where the database is, for people to read.</summary>
    public static string PlaceOf(PostgresOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        return $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}, schema {options.Schema}";
    }

    /// <summary>Looks at the server and the schema, and makes connections that nobody owns the store by.</summary>
    /// <exception cref="InvalidOperationException">They will not do; the message says what to change.</exception>
    /// <exception cref="StoreUnavailableException">The server does not answer, or refuses.</exception>
    public static async Task<PostgresConnections> OpenAsync(
        PostgresOptions options, CancellationToken cancellationToken)
    {
        await using var look = Alone(options);
        try
        {
            await look.OpenAsync(cancellationToken);
            var synchronousCommit = await ServerCheck.RunAsync(look, cancellationToken);
            await PostgresMigrator.CheckAsync(look, options.Schema, cancellationToken);
            return new PostgresConnections(options, synchronousCommit);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            throw new StoreUnavailableException(
                $"The order store at {look.Host}:{look.Port} could not be opened. {fault.Message}", fault);
        }
    }

    /// <summary>Runs a read on a free connection; one that had broken while nobody used it is replaced, once.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    public async ValueTask<T> ReadAsync<T>(
        Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await using var connection = await _readers.OpenConnectionAsync(cancellationToken);
                return await read(connection);
            }
            catch (Exception fault) when (isFirst && PostgresFaults.IsBrokenConnection(fault))
            {
                // The next connection may be as old; a new one is made where none is left.
            }
            catch (Exception fault) when (PostgresFaults.IsTransient(fault))
            {
                throw new StoreUnavailableException($"The order store cannot be read. {fault.Message}", fault);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Writers.DisposeAsync();
        await _readers.DisposeAsync();
    }

    private static NpgsqlDataSource Build(PostgresOptions options, int size, TimeSpan timeout, string session) =>
        NpgsqlDataSource.Create(Settings(options, timeout, session, settings =>
        {
            settings.MaxPoolSize = size;
            settings.MaxAutoPrepare = Prepared;
            settings.AutoPrepareMinUsages = 1;

            // Nothing is ever set in a session, so there is nothing to set back.
            settings.NoResetOnClose = true;

            // A COMMIT is waited for as long as its server is there (WriterPool). That it is not is found out within a
            // minute where it had received all; else as soon as the system gives up sending, a quarter of an hour.
            settings.TcpKeepAlive = true;
            settings.TcpKeepAliveTime = 10;
            settings.TcpKeepAliveInterval = 5;
        }));

    private static string Settings(
        PostgresOptions options, TimeSpan timeout, string session, Action<NpgsqlConnectionStringBuilder> further)
    {
        if (!PostgresOptions.IsSchema(options.Schema))
        {
            throw new InvalidOperationException($"'{options.Schema}' is no name for a schema of ours.");
        }

        var seconds = (int)Math.Ceiling(timeout.TotalSeconds);
        var idle = Milliseconds(options.IdleTransactionTimeout);
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            Enlist = false,

            // The server gives a statement up by itself first; this is for a server that says nothing at all.
            CommandTimeout = seconds + (int)ForTheWire.TotalSeconds,
            Timeout = Math.Max(2, seconds),
            CancellationTimeout = 500,
        };
        settings.ApplicationName ??= "doorbuster";
        var ours = $"-c client_min_messages=warning -c idle_in_transaction_session_timeout={idle}"
            + $"{FindsOutWhoIsGone}{session}";
        settings.Options = $"{settings.Options} {ours}".Trim();
        further(settings);
        return settings.ConnectionString;
    }

    private static string Milliseconds(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
