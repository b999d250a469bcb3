using System.Text;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>Reads every order of a gate a page at a time, without holding up those who claim meanwhile.</summary>
internal static class GateScan
{
    private const int PageSize = 1_000;

    /// <exception cref="GateUnavailableException">Redis did not answer.</exception>
    public static async Task<(IReadOnlyList<HeldOrder> Orders, IReadOnlyCollection<ulong> Buyers)> ReadAsync(
        RedisCalls calls, RedisKey buyers, CancellationToken cancellationToken)
    {
        // While a hash grows, a scan may meet a field twice.
        var byBuyer = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var cursor = "0";
        do
        {
            var reply = await calls.ExecuteAsync(
                "HSCAN", [buyers, cursor, "COUNT", PageSize], cancellationToken);
            var page = reply.Parts
                ?? throw new GateUnavailableException($"Redis did not answer within its time: {reply.Ending}.");
            cursor = (string)page[0]!;
            var fields = (RedisResult[])page[1]!;
            for (var i = 0; i < fields.Length; i += 2)
            {
                byBuyer[(string)fields[i]!] = (byte[])fields[i + 1]!;
            }
        }
        while (cursor != "0");

        byBuyer.Remove("\0");
        return (
            [.. byBuyer.Values.SelectMany(PackedOrders.Read)],
            [.. byBuyer.Keys.Select(buyer => BuyerHash.Of(Encoding.UTF8.GetBytes(buyer)))]);
    }
}
