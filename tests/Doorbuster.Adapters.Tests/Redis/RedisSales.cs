using System.Globalization;
using Doorbuster.Dispatch;
using StackExchange.Redis;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>What tests see of a sale in Redis with their own eyes, and do to it with their own hands.</summary>
internal static class RedisSales
{
    public static string Gate(SaleId sale) => $"db:{{{sale}}}:gate";

    public static string Claims(SaleId sale) => $"db:{{{sale}}}:claims";

    public static string Buyers(SaleId sale, long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"db:{{{sale}}}:buyers:{epoch}");

    /// <summary>Turns a gate's clock on: it never judges by an earlier time than the last one it has seen.</summary>
    /// <returns>Whether it was turned.</returns>
    public static async Task<bool> TurnAsync(IDatabase redis, SaleId sale, DateTimeOffset now)
    {
        var isLater = now.ToUnixTimeMilliseconds() > (long)await redis.HashGetAsync(Gate(sale), "seen_ms");
        if (isLater)
        {
            await redis.HashSetAsync(Gate(sale), "seen_ms", now.ToUnixTimeMilliseconds());
        }

        return isLater;
    }

    public static async Task<IReadOnlyList<AdmittedBatch>> LogOfAsync(IDatabase redis, SaleId sale)
    {
        var entries = (RedisResult[])(await redis.ExecuteAsync("XRANGE", Claims(sale), "-", "+"))!;
        return [.. entries.Select(entry => Read(sale, (RedisResult[])entry!))];
    }

    /// <returns>How many were there.</returns>
    public static async Task<long> DeleteAsync(IDatabase redis, SaleId sale, IReadOnlyCollection<string> entries) =>
        entries.Count == 0 ? 0 : (long)await redis.ExecuteAsync("XDEL", [(RedisKey)Claims(sale), .. entries]);

    private static AdmittedBatch Read(SaleId sale, RedisResult[] entry)
    {
        var id = (string)entry[0]!;
        var fields = (RedisResult[])entry[1]!;
        var byName = fields.Chunk(2).ToDictionary(pair => (string)pair[0]!, pair => pair[1]);
        return new AdmittedBatch(
            sale,
            id,
            (long)byName["epoch"],
            (long)byName["revision"],
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.Split('-')[0], CultureInfo.InvariantCulture)),
            PackedClaims.Read(sale, (byte[])byName["claims"]!));
    }
}
