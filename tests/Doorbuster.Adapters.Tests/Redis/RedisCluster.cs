using System.Globalization;
using Doorbuster.Servers;

namespace Doorbuster.Adapters.Tests.Redis;

/// <summary>A Redis Cluster of three primaries, each with as many replicas as a test asks for.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private const int Primaries = 3;

    private readonly LoopbackRedis[] _nodes;

    /// <summary>
    /// Where the nodes talk; the ports that Redis chooses are those of others' connections.
    /// </summary>
    private readonly int[] _bus;

    private readonly int _replicas;

    /// <summary>A cluster that is not started yet; where it will be is known.</summary>
    public RedisCluster(int replicas = 0)
    {
        _replicas = replicas;
        _nodes = [.. Enumerable.Range(0, Primaries * (1 + replicas)).Select(_ => new LoopbackRedis())];
        _bus = [.. _nodes.Select(_ => Loopback.NextPort())];
    }

    /// <summary>How a client reaches it.</summary>
    public string Endpoints => string.Join(',', _nodes.Select(Endpoint));

    /// <summary>How a client reaches the first primary.</summary>
    public string FirstEndpoint => Endpoint(_nodes[0]);

    /// <summary>Starts one, and returns once all of its nodes agree.</summary>
    public static async Task<RedisCluster> StartNewAsync(int replicas = 0)
    {
        var cluster = new RedisCluster(replicas);
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>Starts it, and returns once all of its nodes agree.</summary>
    public async Task StartAsync()
    {
        foreach (var (node, bus) in _nodes.Zip(_bus))
        {
            await StartAsync(node, bus);
        }

        await ServerProcess.RunAsync(
        [
            "redis-cli", "--cluster", "create",
            .. _nodes.Zip(
                _bus,
                (node, bus) => string.Create(CultureInfo.InvariantCulture, $"{Endpoint(node)}@{bus}")),
            "--cluster-replicas", _replicas.ToString(CultureInfo.InvariantCulture), "--cluster-yes",
        ]);
        await Waiting.UntilAsync("the cluster agrees", () => AgreesAsync(_replicas));
    }

    /// <summary>Whether the first primary has a key.</summary>
    public async Task<bool> IsOfFirstAsync(string key) =>
        await PrimaryOfAsync(_nodes[0], await SlotOfAsync(key)) == _nodes[0];

    /// <summary>Kills the first primary.</summary>
    public Task KillFirstAsync() => _nodes[0].KillAsync();

    /// <summary>Has the others answer for their own slots while somebody is away.</summary>
    public async Task ServePartsAsync()
    {
        foreach (var node in _nodes)
        {
            await AskAsync(node, "config", "set", "cluster-require-full-coverage", "no");
        }
    }

    /// <summary>Kills the primary that has a key, and returns once another node has taken its place.</summary>
    public async Task FailOverAsync(string key)
    {
        var slot = await SlotOfAsync(key);
        var old = await PrimaryOfAsync(_nodes[0], slot);
        await old!.KillAsync();
        var other = _nodes.First(node => node != old);
        await Waiting.UntilAsync(
            "a replica was promoted",
            async () => await PrimaryOfAsync(other, slot) is { } primary && primary != old);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static Task StartAsync(LoopbackRedis node, int bus) => node.StartAsync(
        "--cluster-enabled", "yes", "--cluster-port", bus.ToString(CultureInfo.InvariantCulture),
        "--cluster-node-timeout", "2000", "--save", "", "--appendonly", "no");

    private async Task<int> SlotOfAsync(string key) =>
        int.Parse(await AskAsync(_nodes[0], "cluster", "keyslot", key), CultureInfo.InvariantCulture);

    private async Task<bool> AgreesAsync(int replicas)
    {
        foreach (var node in _nodes)
        {
            var info = await AskAsync(node, "cluster", "info");
            var replication = await AskAsync(node, "info", "replication");
            if (!info.Contains("cluster_state:ok", StringComparison.Ordinal)
                || !(replication.Contains($"connected_slaves:{replicas}", StringComparison.Ordinal)
                    || replication.Contains("master_link_status:up", StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Who has a slot, as one node sees it: a line of <c>CLUSTER NODES</c> is id, address, flags, primary, 3 numbers,
    /// state, slots.
    /// </summary>
    private async Task<LoopbackRedis?> PrimaryOfAsync(LoopbackRedis asked, int slot)
    {
        foreach (var line in (await AskAsync(asked, "cluster", "nodes")).Split('\n', StringSplitOptions.TrimEntries))
        {
            var fields = line.Split(' ');
            if (fields.Length > 8 && fields[2].Contains("master", StringComparison.Ordinal)
                && !fields[2].Contains("fail", StringComparison.Ordinal) && fields[8..].Any(range => Has(range, slot)))
            {
                return _nodes.Single(node => fields[1].StartsWith($"{Endpoint(node)}@", StringComparison.Ordinal));
            }
        }

        return null;
    }

    private static bool Has(string range, int slot)
    {
        var ends = range.Split('-');
        return int.TryParse(ends[0], CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[^1], CultureInfo.InvariantCulture, out var last) && first <= slot && slot <= last;
    }

    private static Task<string> AskAsync(LoopbackRedis node, params string[] question) => ServerProcess.RunAsync(
        ["redis-cli", "-p", node.Port.ToString(CultureInfo.InvariantCulture), .. question]);

    private static string Endpoint(LoopbackRedis node) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}");
}
