using System.Security.Cryptography;
using System.Text.Json;

namespace Doorbuster.Comparison.Shops;

/// <summary>Doorbuster as it is without any setting: one process, the orders in SQLite.</summary>
internal sealed class EmbeddedShop : IShop
{
    private readonly Ground _ground;
    private readonly Fleet _fleet;
    private readonly HttpClient _http;

    /// <summary>A shop that is not started yet, on a ground that goes with it.</summary>
    public EmbeddedShop(Ground ground)
    {
        _ground = ground;
        Address = Fleet.NewAddress();
        _http = Doorbusters.Operator(Address, Key);
        _fleet = new Fleet(ground.Folder, [Doorbusters.Node(ground, Address, "api,worker", Key)]);
    }

    public Uri Address { get; }

    public byte[] Key { get; } = RandomNumberGenerator.GetBytes(32);

    private string Store => Path.Combine(_ground.Folder, $"data-{Address.Port}", "doorbuster.db");

    public Task StartAsync() => _fleet.StartAsync();

    public Task KillAsync() => _fleet.KillAsync();

    public Task CreateSaleAsync(SaleId sale, int units) => Doorbusters.CreateSaleAsync(_http, sale, units);

    /// <summary>By the server's word, which the file is held against at the end.</summary>
    public async Task<long> CountAsync(SaleId sale)
    {
        using var shown = JsonDocument.Parse(await _http.GetStringAsync($"/v1/sales/{sale}"));
        return shown.RootElement.GetProperty("quantity").GetInt64()
            - shown.RootElement.GetProperty("available").GetInt64();
    }

    public Task<IReadOnlyList<StoredOrder>> ReadAsync(SaleId sale) =>
        Task.FromResult<IReadOnlyList<StoredOrder>>(SqliteOrders.Read(Store, sale));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _fleet.DisposeAsync();
        await _ground.DisposeAsync();
    }
}
