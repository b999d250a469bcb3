using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Redis;
using StackExchange.Redis;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>A sale that is open in a Redis to which things happen.</summary>
internal sealed class RedisScene(RedisProcess server, IConnectionMultiplexer connection, TimeSpan? timeout = null)
{
    public RedisGate Gate { get; } = new(
        connection,
        new RedisGateOptions { CallTimeout = timeout ?? TimeSpan.FromSeconds(5) },
        TimeProvider.System);

    /// <summary>A sale that has been open for a day, by any clock.</summary>
    public Sale Sale { get; init; } = Samples.Sale(quantity: 100, limit: 2) with { OpensAt = DateTimeOffset.UnixEpoch };

    public IDatabase Database => server.Database;

    public ValueTask<StockView?> OpenAsync(long epoch, params (Claim Claim, int Held)[] orders)
    {
        var holdings = new Holdings();
        foreach (var (claim, held) in orders)
        {
            holdings.Add(claim.Buyer, new HeldOrder(claim.Order.Key, held));
        }

        var stock = new Stock(Sale.Quantity, Sale.Quantity, 0, 0, 0);
        return Gate.OpenAsync(new GateSnapshot(Sale, epoch, stock, orders.Length, holdings), default);
    }

    public Claim Claim(string buyer, string key = "k", int units = 1) => Samples.Claim(Sale, buyer, key, units);

    /// <summary>What one claim is told.</summary>
    public async Task<string> ClaimAsync(string buyer, string key = "k", int units = 1)
    {
        var batch = Samples.Batch(Sale, Claim(buyer, key, units));
        await Gate.ClaimAsync([batch], default);
        return ClaimTable.Word(batch.Answers[0].Outcome);
    }

    public async Task<GateStanding> StandingAsync() => (await Gate.LookAsync(Sale.Id, default)).Standing;

    /// <summary>Units left, orders, and entries of the log.</summary>
    public async Task<(long Available, int Orders, int Entries)> StandsAsync()
    {
        var report = await Gate.ReportAsync(Sale.Id, default);
        var log = await RedisSales.LogOfAsync(Database, Sale.Id);
        return (report!.View.Available, report.Orders.Count, log.Count);
    }
}
