using Doorbuster.Fulfilment;
using Doorbuster.Sql.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorbuster.Benchmarks;

/// <summary>A sale whose orders were reserved through the store itself, before a server opens it.</summary>
/// <param name="Id">The sale.</param>
/// <param name="Orders">Its orders, one unit each.</param>
internal sealed record StoredSale(SaleId Id, IReadOnlyList<Order> Orders)
{
    private const int Batch = 500;

    /// <summary>Reserves a sale's every unit in a data directory that nobody has open.</summary>
    /// <param name="data">The directory.</param>
    /// <param name="id">The sale's id.</param>
    /// <param name="count">Its units.</param>
    /// <param name="expiresAt">When each order's window ends.</param>
    public static async Task<StoredSale> ReserveAsync(
        string data, string id, int count, Func<int, DateTimeOffset> expiresAt)
    {
        var options = new SqliteOptions { Database = Path.Combine(data, "doorbuster.db") };
        await using var store = await SqliteStore.OpenAsync(
            options, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await store.TakeOverAsync(CancellationToken.None);
        var sale = Sales.New(id, count);
        var now = sale.CreatedAt;
        await store.CreateAsync(sale, CancellationToken.None);
        var mint = new OrderIdMint(sale.Id, sale.OrderIdKey.Span);
        var orders = Enumerable.Range(0, count).Select(i =>
        {
            var buyer = BuyerId.Parse($"buyer-{i}");
            return new Order(
                mint.Mint(buyer, "k"), buyer, 1, sale.Price, OrderStatus.Reserved, 1, now, now, expiresAt(i));
        }).ToList();
        for (var first = 0; first < count; first += Batch)
        {
            var batch = orders.GetRange(first, Math.Min(Batch, count - first));
            var admissions = new Admissions(sale.Id, 1, first, 1, now, batch.Count, batch, []);
            if (!(await store.CommitAsync([admissions], CancellationToken.None)).Covers(sale.Id))
            {
                throw new InvalidOperationException("The store did not take the orders.");
            }
        }

        return new StoredSale(sale.Id, orders);
    }
}
