using Doorbuster.Comparison.Shops;

namespace Doorbuster.Comparison;

/// <summary>A way to sell.</summary>
/// <param name="Name">Its short name, for <c>--only</c> and for pictures.</param>
/// <param name="Title">What it is, in a table.</param>
/// <param name="IsOurs">Whether it is Doorbuster, and so has to be exact.</param>
/// <param name="Needs">The servers behind it.</param>
/// <param name="Open">Makes a shop of it.</param>
/// <param name="Against">The way it is measured against, and how many times its confirmed orders are asked.</param>
internal sealed record Contender(
    string Name,
    string Title,
    bool IsOurs,
    Needs Needs,
    Func<Ground, IShop> Open,
    (string Name, double AtLeast)? Against = null)
{
    private const string First = "(1) conditional UPDATE";
    private const string Second = "(2) version column";
    private const string Third = "(3) Redis DECR";

    private const Needs Queue = Needs.Postgres | Needs.Redis | Needs.RabbitMq;

    /// <summary>All, in the order in which they run.</summary>
    public static IReadOnlyList<Contender> All { get; } =
    [
        Baseline(First, "conditional UPDATE, a transaction a request", "conditional", Needs.Postgres),
        Baseline(Second, "version column, three attempts a request", "version", Needs.Postgres),
        Baseline(Third, "Redis DECR, RabbitMQ, a transaction a message", "decrement", Queue),
        Baseline("(4) Redis INCR", "Redis INCR, RabbitMQ, a transaction a message", "increment", Queue),
        new("Doorbuster embedded", "Doorbuster, one process with SQLite", true, Needs.None,
            ground => new EmbeddedShop(ground), (First, 20)),
        new("Doorbuster Redis", "Doorbuster over Redis and PostgreSQL, a node and a worker", true,
            Needs.Postgres | Needs.Redis, NodesShop.OverRedis, (Third, 10)),
        Database("conditional", First),
        Database("optimistic", Second),
    ];

    private static Contender Baseline(string name, string title, string way, Needs needs) =>
        new(name, title, false, needs, ground => new BaselineShop(way, ground));

    private static Contender Database(string concurrency, string against) => new(
        $"Doorbuster {concurrency}", $"Doorbuster with PostgreSQL as the gate, {concurrency}", true, Needs.Postgres,
        ground => NodesShop.OverDatabase(ground, concurrency), (against, 10));
}
