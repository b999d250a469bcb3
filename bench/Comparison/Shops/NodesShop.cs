using System.Security.Cryptography;
using Doorbuster.Sql.Postgres;

namespace Doorbuster.Comparison.Shops;

/// <summary>Doorbuster with its orders in PostgreSQL: nodes that share a gate.</summary>
internal sealed class NodesShop : IShop
{
    // Of an order that does not stand the row remains, with its status: 1 is reserved, 2 is paid.
    private const string Orders =
        """
        SELECT o.buyer, CASE WHEN o.status IN (1, 2) THEN o.quantity ELSE 0 END AS units, o.xmin AS tx
        FROM doorbuster.orders AS o JOIN doorbuster.sales AS s ON s.no = o.sale_no WHERE s.id = $1
        """;

    private readonly Ground _ground;
    private readonly Fleet _fleet;
    private readonly OrderTable _orders;
    private readonly HttpClient _http;
    private bool _hasSchema;

    private NodesShop(Ground ground, params IReadOnlyList<(string Roles, (string Name, string Value)[] Settings)> nodes)
    {
        _ground = ground;
        _orders = new OrderTable(ground.Database, Orders);
        Address = Fleet.NewAddress();
        _http = Doorbusters.Operator(Address, Key);
        _fleet = new Fleet(
            ground.Folder,
            [
                .. nodes.Select((node, i) => Doorbusters.Node(
                    ground, i == 0 ? Address : Fleet.NewAddress(), node.Roles, Key,
                    [("ConnectionStrings__Postgres", ground.Database), ("Doorbuster__Store", "postgres"),
                        ("Doorbuster__Payments__Sandbox__Url", i == 0 ? "" : Address.ToString()), .. node.Settings])),
            ]);
    }

    public Uri Address { get; }

    public byte[] Key { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The gate in Redis: a node that answers buyers, one that works, and Redis's stream between.</summary>
    public static NodesShop OverRedis(Ground ground)
    {
        (string, string)[] settings =
        [
            ("ConnectionStrings__Redis", ground.Redis), ("Doorbuster__Gate", "redis"),
            ("Doorbuster__Queue", "redis-stream"),
        ];
        return new NodesShop(ground, ("api", settings), ("worker", settings));
    }

    /// <summary>The database itself as the gate, and one node.</summary>
    /// <param name="ground">What it stands on; it goes with the shop.</param>
    /// <param name="concurrency">How transactions meet: <c>conditional</c> or <c>optimistic</c>.</param>
    public static NodesShop OverDatabase(Ground ground, string concurrency) => new(
        ground,
        ("api,worker", [("Doorbuster__Gate", "database"), ("Doorbuster__Database__Concurrency", concurrency)]));

    public async Task StartAsync()
    {
        if (!_hasSchema)
        {
            await PostgresMigrator.MigrateAsync(
                new PostgresOptions { ConnectionString = _ground.Database }, CancellationToken.None);
            _hasSchema = true;
        }

        await _fleet.StartAsync();
    }

    public Task KillAsync() => _fleet.KillAsync();

    public Task CreateSaleAsync(SaleId sale, int units) => Doorbusters.CreateSaleAsync(_http, sale, units);

    public Task<long> CountAsync(SaleId sale) => _orders.CountAsync(sale);

    public Task<IReadOnlyList<StoredOrder>> ReadAsync(SaleId sale) => _orders.ReadAsync(sale);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _fleet.DisposeAsync();
        await _orders.DisposeAsync();
        await _ground.DisposeAsync();
    }
}
