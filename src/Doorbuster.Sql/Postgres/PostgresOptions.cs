using System.ComponentModel.DataAnnotations;

namespace Doorbuster.Sql.Postgres;

/// <summary>How the order store uses a PostgreSQL server.</summary>
public sealed record PostgresOptions
{
    /// <summary>
    /// Where the database is and who asks, as Npgsql reads it; pools, time-outs and the schema are said here, and not
    /// there.
    /// </summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Whether to wait while another process owns the store, instead of refusing to start.</summary>
    public bool WaitForLock { get; init; }

    /// <summary>
    /// The schema that holds the tables: small letters, digits and underscores, a letter first and at most 63. Shops
    /// that share a database each have one of their own.
    /// </summary>
    public string Schema { get; init; } = "doorbuster";

    /// <summary>Where the store is, for people to read: no name, no password.</summary>
    public string Place => PostgresConnections.PlaceOf(this);

    /// <summary>Whether a text may name the schema: it stands in statements as it is.</summary>
    public static bool IsSchema(string text) =>
        text is { Length: >= 1 and <= 63 } && text[0] is >= 'a' and <= 'z'
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_');

    /// <summary>
    /// Connections that write, and so the transactions that run at once: two for what becomes of orders and for
    /// operators, and the others for lanes of claims, one each. The lock on the store takes one connection more, and as
    /// many again as write may wait for a COMMIT that is not confirmed in time.
    /// </summary>
    [Range(3, 64)]
    public int Writers { get; init; } = 6;

    /// <summary>Lanes of claims that the writers suffice for.</summary>
    public int Lanes => Writers - 2;

    /// <summary>Connections that read, and so the reads that run at once; others wait.</summary>
    [Range(1, 64)]
    public int Readers { get; init; } = 4;

    /// <summary>
    /// How long a start waits for a server that does not answer yet, before it gives up; 0 waits for none.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan WaitAtStart { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest that a statement of a transaction may take, waits for other transactions included; then it is given
    /// up, and its claims are told so.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How long a transaction may lie open with nobody at work in it, before the server ends it: what a process that
    /// vanished had locked is free again after that, and the store itself after ten times as long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan IdleTransactionTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
