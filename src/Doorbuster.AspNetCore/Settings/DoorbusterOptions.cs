using Doorbuster.RabbitMq;
using Doorbuster.Sql.Postgres;
using Doorbuster.Sql.Sqlite;
using Microsoft.Extensions.Configuration;

namespace Doorbuster.AspNetCore.Settings;

/// <summary>Everything that can be set (<c>Doorbuster</c>), as it was found right at start.</summary>
public sealed record DoorbusterOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Doorbuster";

    /// <summary>
    /// Where the data live: keys of the server's own, and the order store <c>doorbuster.db</c>, unless the connection
    /// string <c>ConnectionStrings:Sqlite</c> names another file. It is created if missing.
    /// </summary>
    public string DataDirectory { get; init; } = "./doorbuster-data";

    /// <summary>
    /// Whether to wait for whoever keeps this process from the order store to end: the one that owns it, or the nodes
    /// that share it. Otherwise the start is refused.
    /// </summary>
    public bool WaitForLock { get; init; }

    /// <summary>
    /// Where claims are decided: <c>memory</c>, in this process; <c>redis</c>, the server that the connection string
    /// <c>ConnectionStrings:Redis</c> names; or <c>database</c>, in the transactions of the order store, which is
    /// <c>postgres</c> then.
    /// </summary>
    public GateKind Gate { get; init; } = GateKind.Memory;

    /// <summary>
    /// Where orders are kept: <c>sqlite</c>, a file of the data directory, or <c>postgres</c>, the database that the
    /// connection string <c>ConnectionStrings:Postgres</c> names.
    /// </summary>
    public StoreKind Store { get; init; } = StoreKind.Sqlite;

    /// <summary>
    /// What carries admitted claims to the store: <c>none</c> with the gate in memory or in the database; with the gate
    /// in Redis <c>redis-stream</c>, or <c>rabbitmq</c>, the broker that the connection string
    /// <c>ConnectionStrings:RabbitMq</c> names.
    /// </summary>
    public QueueKind Queue { get; init; } = QueueKind.None;

    /// <summary>
    /// What this node does, where nodes share a gate: <c>api</c> answers buyers and operators; <c>worker</c> makes
    /// orders of what a gate in Redis has admitted, ends reservations, settles money, and answers for its health alone;
    /// <c>both</c> does everything.
    /// </summary>
    public RoleKind Roles { get; init; } = RoleKind.Both;

    /// <summary>How far everything that grows may grow.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>Who is who.</summary>
    public IdentityOptions Identity { get; init; } = new();

    /// <summary>Whose pages may call from a browser.</summary>
    public CorsOptions Cors { get; init; } = new();

    /// <summary>The pages that people look at.</summary>
    public PageOptions Pages { get; init; } = new();

    /// <summary>Purchase tokens.</summary>
    public PurchaseTokenOptions PurchaseTokens { get; init; } = new();

    /// <summary>Who takes the money.</summary>
    public PaymentOptions Payments { get; init; } = new();

    /// <summary>
    /// How the SQLite store uses its machine; where it is, and whether to wait for it, is said elsewhere.
    /// </summary>
    [SetElsewhere(nameof(SqliteOptions.Database), nameof(SqliteOptions.WaitForLock))]
    public SqliteOptions Sqlite { get; init; } = new();

    /// <summary>
    /// How the PostgreSQL store uses its server; where that is, and whether to wait for it, is said elsewhere.
    /// </summary>
    [SetElsewhere(nameof(PostgresOptions.ConnectionString), nameof(PostgresOptions.WaitForLock))]
    public PostgresOptions Postgres { get; init; } = new();

    /// <summary>How the gate in Redis is used; where that is, is said elsewhere.</summary>
    [SetElsewhere(nameof(RedisOptions.ConnectionString))]
    public RedisOptions Redis { get; init; } = new();

    /// <summary>How the order store is used where it is the gate.</summary>
    public DatabaseOptions Database { get; init; } = new();

    /// <summary>How RabbitMQ is used; where that is, is said elsewhere.</summary>
    public RabbitOptions RabbitMq { get; init; } = new();

    /// <summary>Where RabbitMQ is; null where it is not used.</summary>
    internal Uri? RabbitAddress { get; private init; }

    /// <summary>How workers make orders of what the gate has admitted.</summary>
    public WorkerOptions Workers { get; init; } = new();

    /// <summary>Reads and checks the settings; it opens nothing.</summary>
    /// <param name="configuration">The root of the program's configuration.</param>
    /// <exception cref="InvalidSettingsException">Some are wrong; it names every one.</exception>
    public static DoorbusterOptions Read(IConfiguration configuration)
    {
        var reader = new SettingsReader();
        var options = (DoorbusterOptions)reader.Read(typeof(DoorbusterOptions), configuration.GetSection(Section));
        List<string> violations =
        [
            .. reader.Violations, .. SettingsRules.Violations(options), .. PaymentRules.Violations(options),
            .. TopologyRules.Violations(options), .. TopologyRules.OfRoles(options), .. TopologyRules.OfTimes(options),
            .. TopologyRules.OfWriters(options),
        ];
        var database = SqliteSource.Read(configuration.GetConnectionString("Sqlite"), violations)
            ?? Path.Combine(options.DataDirectory, "doorbuster.db");
        var server = configuration.GetConnectionString("Postgres");
        if (options.Store == StoreKind.Postgres)
        {
            violations.AddRange(PostgresSource.Violations(server));
        }

        var redis = configuration.GetConnectionString("Redis");
        if (options.Gate == GateKind.Redis)
        {
            violations.AddRange(RedisSource.Violations(redis));
        }

        var rabbit = options.Queue == QueueKind.Rabbitmq
            ? RabbitSource.Read(configuration.GetConnectionString("RabbitMq"), violations)
            : null;

        return violations.Count > 0
            ? throw new InvalidSettingsException(violations)
            : options with
            {
                Sqlite = options.Sqlite with { Database = database, WaitForLock = options.WaitForLock },
                Postgres = options.Postgres with
                {
                    ConnectionString = server ?? "",
                    WaitForLock = options.WaitForLock,
                },
                Redis = options.Redis with { ConnectionString = redis ?? "" },
                RabbitAddress = rabbit,
            };
    }
}
