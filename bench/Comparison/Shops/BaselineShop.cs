using System.Net.Http.Json;
using System.Security.Cryptography;

namespace Doorbuster.Comparison.Shops;

/// <summary>One of the ways of <c>bench/Baselines</c>.</summary>
internal sealed class BaselineShop : IShop
{
    private const string Orders = "SELECT buyer, 1 AS units, xmin AS tx FROM orders WHERE sale = $1";

    private readonly Ground _ground;
    private readonly Fleet _fleet;
    private readonly OrderTable _orders;
    private readonly HttpClient _http;

    /// <summary>A shop that is not started yet.</summary>
    /// <param name="way">The way: conditional, version, decrement or increment.</param>
    /// <param name="ground">What it stands on; it goes with the shop.</param>
    public BaselineShop(string way, Ground ground)
    {
        _ground = ground;
        _orders = new OrderTable(ground.Database, Orders);
        Address = Fleet.NewAddress();
        _http = new HttpClient { BaseAddress = Address };
        _fleet = new Fleet(
            ground.Folder,
            [
                new Crew(
                    Address,
                    "Doorbuster.Baselines.dll",
                    [way, Address.ToString()],
                    [
                        ("BASELINE_KEY", Convert.ToBase64String(Key)), ("BASELINE_POSTGRES", ground.Database),
                        ("BASELINE_REDIS", ground.Redis), ("BASELINE_RABBITMQ", ground.RabbitMq),
                        ("BASELINE_QUEUE", $"orders-{ground.Name}"),
                    ]),
            ]);
    }

    public Uri Address { get; }

    public byte[] Key { get; } = RandomNumberGenerator.GetBytes(32);

    public Task StartAsync() => _fleet.StartAsync();

    public Task KillAsync() => _fleet.KillAsync();

    public async Task CreateSaleAsync(SaleId sale, int units)
    {
        using var answer = await _http.PostAsJsonAsync("/v1/sales", new { id = sale.ToString(), quantity = units });
        answer.EnsureSuccessStatusCode();
    }

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
