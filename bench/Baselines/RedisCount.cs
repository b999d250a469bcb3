using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Doorbuster.Baselines;

/// <summary>
/// The number in Redis: one command a request decides, a message carries the winner to a consumer, and each server
/// remembers for itself which sales have nothing left.
/// </summary>
/// <param name="redis">Where the number is.</param>
/// <param name="messages">Carries winners.</param>
/// <param name="shelf">Knows how many units there were, also after a restart.</param>
/// <param name="counts">
/// Whether the number is the units that were asked for, and goes up (INCR); else it is those that are left, and goes
/// down (DECR).
/// </param>
internal sealed class RedisCount(IDatabase redis, Messages messages, Shelf shelf, bool counts) : IWay
{
    /// <summary>Sales with nothing left; in the tutorials it is never cleared.</summary>
    private readonly ConcurrentDictionary<string, bool> _soldOut = new();

    private readonly ConcurrentDictionary<string, int> _quantities = new();

    public async Task PreloadAsync(string sale, int quantity)
    {
        _quantities[sale] = quantity;
        await redis.StringSetAsync(Key(sale), counts ? 0 : quantity);
    }

    public async Task<Reply> BuyAsync(string sale, string buyer)
    {
        if (_soldOut.ContainsKey(sale))
        {
            return Reply.SoldOut;
        }

        if (!await TakeAsync(sale))
        {
            _soldOut[sale] = true;
            return Reply.SoldOut;
        }

        await messages.SendAsync(sale, buyer);
        return Reply.Queued;
    }

    private async Task<bool> TakeAsync(string sale) => counts
        ? await redis.StringIncrementAsync(Key(sale)) <= await QuantityAsync(sale)
        : await redis.StringDecrementAsync(Key(sale)) >= 0;

    private async ValueTask<int> QuantityAsync(string sale) => _quantities.TryGetValue(sale, out var known)
        ? known
        : _quantities[sale] = (await shelf.CountAsync(sale))?.Quantity ?? 0;

    private static RedisKey Key(string sale) => $"stock:{sale}";
}
