using System.Globalization;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>A sale's keys. What is in braces is the hash tag, so that a sale lives in one slot of a cluster.</summary>
internal readonly record struct SaleKeys(SaleId Sale)
{
    public RedisKey Gate => $"db:{{{Sale}}}:gate";

    public RedisKey Claims => $"db:{{{Sale}}}:claims";

    public RedisKey Buyers(long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"db:{{{Sale}}}:buyers:{epoch}");

    /// <summary>Where buyers are loaded before they are swapped in; each loading has a key of its own.</summary>
    public RedisKey Loading(Guid loading) => $"db:{{{Sale}}}:loading:{loading:N}";

    /// <summary>The keys that nearly every script takes, as a node that believes in this epoch names them.</summary>
    public RedisKey[] Under(long epoch) => [Gate, Buyers(epoch), Claims];
}
