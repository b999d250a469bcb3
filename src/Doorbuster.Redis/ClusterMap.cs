using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>
/// Has a client look again which server of a cluster has what. By itself it does so once a minute, and until then goes
/// on asking for a primary that has died.
/// </summary>
/// <remarks>
/// One look at a time for each connection, with a pause after it, however many calls fail. Shown by
/// <c>F05_FailoverTests</c>.
/// </remarks>
internal static class ClusterMap
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private static readonly ConditionalWeakTable<IConnectionMultiplexer, Looks> Running = [];

    /// <summary>
    /// Whether one server has all sales, so that one call may be about many. A server that was never reached is taken
    /// for a part of a cluster: the client takes it for one that stands alone until it has asked.
    /// </summary>
    public static bool IsOneServer(IConnectionMultiplexer redis)
    {
        var looks = Running.GetOrCreateValue(redis);
        var servers = Array.ConvertAll(redis.GetEndPoints(), place => redis.GetServer(place));
        looks.HasReached |= Array.Exists(servers, server => server.IsConnected);
        return looks.HasReached && Array.TrueForAll(servers, server => server.ServerType != ServerType.Cluster);
    }

    /// <summary>
    /// The primary that has a key, as those say that can be reached, or else the others did last; the first of
    /// <see cref="ServersOf"/> where nobody says.
    /// </summary>
    public static string ServerOf(IConnectionMultiplexer redis, RedisKey key) =>
        Maps(redis).Select(map => map.GetBySlot(key)?.NodeId).FirstOrDefault(known => known is not null)
        ?? ServersOf(redis)[0];

    /// <summary>
    /// Whoever has keys; one of no name where one server has all, or nobody has said yet who has what.
    /// </summary>
    public static IReadOnlyList<string> ServersOf(IConnectionMultiplexer redis)
    {
        var named = Maps(redis).SelectMany(map => map.Nodes).Where(node => node.Slots.Count > 0)
            .Select(node => node.NodeId).Distinct().Order(StringComparer.Ordinal).ToList();
        return named.Count > 0 ? named : [""];
    }

    private static IEnumerable<ClusterConfiguration> Maps(IConnectionMultiplexer redis) =>
        redis.GetEndPoints().Select(place => redis.GetServer(place)).OrderByDescending(server => server.IsConnected)
            .Select(server => server.ClusterConfiguration).OfType<ClusterConfiguration>();

    /// <summary>Looks again, unless a look is under way or there is only one server. It returns at once.</summary>
    public static void LookAgain(IConnectionMultiplexer redis, TimeProvider clock)
    {
        if (redis.GetEndPoints().Length > 1)
        {
            Running.GetOrCreateValue(redis).Begin(redis, clock);
        }
    }

    private sealed class Looks
    {
        private int _isRunning;

        /// <summary>Whether a server has ever answered.</summary>
        public bool HasReached { get; set; }

        public void Begin(IConnectionMultiplexer redis, TimeProvider clock)
        {
            if (Interlocked.Exchange(ref _isRunning, 1) == 0)
            {
                _ = RunAsync(redis, clock);
            }
        }

        private async Task RunAsync(IConnectionMultiplexer redis, TimeProvider clock)
        {
            try
            {
                await redis.ConfigureAsync();
                await Task.Delay(Pause, clock);
            }
            catch (Exception fault) when (fault is RedisException or ObjectDisposedException or TimeoutException)
            {
                // The next call that fails has it look again.
            }
            finally
            {
                Volatile.Write(ref _isRunning, 0);
            }
        }
    }
}
