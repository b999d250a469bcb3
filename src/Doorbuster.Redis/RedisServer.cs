using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace Doorbuster.Redis;

/// <summary>Connects to Redis as the gate needs it, and says what is not as it should be.</summary>
public static class RedisServer
{
    /// <summary>Parts of every cluster.</summary>
    private const int Slots = 16_384;

    private static readonly Version Oldest = new(7, 0);

    /// <summary>Connects, or goes on trying in the background where no server answers yet.</summary>
    /// <param name="connection">StackExchange.Redis's connection string: <c>host:port,host:port,password=…</c>.</param>
    public static async Task<ConnectionMultiplexer> ConnectAsync(string connection)
    {
        var options = ConfigurationOptions.Parse(connection);
        options.AbortOnConnectFail = false;

        // Only so does the client ask a server what it is (INFO).
        options.AllowAdmin = true;
        var redis = await ConnectToAllAsync(options);

        // Clients before 2.0 give answers in order, on one thread: a continuation that waits would hold up all others.
#pragma warning disable CS0618 // Later clients never do that, and call the setting obsolete.
        redis.PreserveAsyncOrder = false;
#pragma warning restore CS0618
        return redis;
    }

    /// <summary>
    /// Connects, and where that is to a part of a cluster, to all of it by name: the client looks for a cluster at the
    /// servers alone that it was given, and takes it for a server that stands alone when none of them answers.
    /// </summary>
    private static async Task<ConnectionMultiplexer> ConnectToAllAsync(ConfigurationOptions options)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        var part = redis.GetEndPoints().Select(place => redis.GetServer(place))
            .FirstOrDefault(server => server is { IsConnected: true, ServerType: ServerType.Cluster });
        if (part is null)
        {
            return redis;
        }

        HashSet<EndPoint> others;
        try
        {
            var cluster = await part.ClusterNodesAsync()
                .WaitAsync(TimeSpan.FromMilliseconds(options.ConnectTimeout));
            others = [.. cluster.Nodes.Select(node => node.EndPoint)];
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            // Nobody says who the others are: those that were given have to do.
            return redis;
        }

        others.ExceptWith(options.EndPoints);
        if (others.Count == 0)
        {
            return redis;
        }

        foreach (var other in others)
        {
            options.EndPoints.Add(other);
        }

        redis.Dispose();
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>What keeps this Redis from being a gate, in words; nothing where it is ready.</summary>
    /// <exception cref="TimeoutException">A server did not answer in time.</exception>
    public static async Task<IReadOnlyList<string>> CheckAsync(
        IConnectionMultiplexer redis, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var away = new List<string>();
        var primaries = 0;
        var isWholeCluster = false;
        foreach (var endpoint in redis.GetEndPoints())
        {
            var server = redis.GetServer(endpoint);
            if (!server.IsConnected)
            {
                away.Add($"Redis at {endpoint} cannot be reached.");
                continue;
            }

            var told = await server.InfoAsync().WaitAsync(timeout, clock, cancellationToken);
            var info = told.SelectMany(section => section).ToLookup(line => line.Key, line => line.Value);
            if (info["role"].FirstOrDefault() == "master")
            {
                primaries++;
                faults.AddRange(FaultsOf($"Redis at {endpoint}", info));
            }

            isWholeCluster = isWholeCluster
                || (info["cluster_enabled"].FirstOrDefault() == "1"
                    && IsWhole(await server.ClusterNodesAsync().WaitAsync(timeout, clock, cancellationToken), redis));
        }

        // Whom a cluster has lost and replaced keeps nobody from selling.
        faults.AddRange(isWholeCluster ? [] : away);
        return primaries == 0 && faults.Count == 0 ? ["No Redis server is a primary."] : faults;
    }

    /// <summary>Whether every slot is with a primary that can be reached.</summary>
    private static bool IsWhole(ClusterConfiguration cluster, IConnectionMultiplexer redis)
    {
        var primaries = cluster.Nodes.Where(node => !node.IsSlave && node.Slots.Count > 0).ToList();
        return primaries.Sum(node => node.Slots.Sum(range => range.To - range.From + 1)) == Slots
            && primaries.TrueForAll(node => redis.GetServer(node.EndPoint).IsConnected);
    }

    private static IEnumerable<string> FaultsOf(string server, ILookup<string, string> info)
    {
        var version = info["redis_version"].FirstOrDefault();
        if (!Version.TryParse(version, out var known) || known < Oldest)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{server} is of version {version}; it must be {Oldest} or later.");
        }

        var policy = info["maxmemory_policy"].FirstOrDefault();
        if (policy != "noeviction")
        {
            yield return $"{server} has maxmemory-policy {policy}, and may drop what was sold: set noeviction.";
        }
    }
}
