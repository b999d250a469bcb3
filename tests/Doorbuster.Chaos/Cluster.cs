namespace Doorbuster.Chaos;

/// <summary>
/// Two nodes that take claims and two that work them off, over a Redis, a PostgreSQL and a RabbitMQ, each a process of
/// its own that can be killed and started again.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    // What a shop would run: writes are synced each second, so that a kill loses the last of them.
    private static readonly string[] RedisSettings =
        ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"];

    // What a node says once it serves, be what is behind it ready or not.
    private const string Greeting = "Doorbuster serves at";
    private const int LinesTold = 12;

    private readonly DataDirectory _data = new();
    private readonly string _queue;
    private readonly Dictionary<string, ServerPlan> _plans = [];
    private readonly Dictionary<string, Server> _nodes = [];
    private readonly List<string> _breakdowns = [];
    private PostgresServer? _postgres;

    private Cluster(string queue) => _queue = queue;

    public LoopbackRedis Redis { get; } = new();

    public PostgresServer Postgres => _postgres!;

    /// <summary>Null where nothing uses it.</summary>
    public LoopbackRabbit? Rabbit { get; private set; }

    /// <summary>The nodes that take claims, as their callers know them: they stay the same over restarts.</summary>
    public IReadOnlyList<Api> Apis { get; private set; } = [];

    /// <summary>The names of all nodes.</summary>
    public IReadOnlyList<string> Nodes { get; } = ["api-1", "api-2", "worker-1", "worker-2"];

    /// <summary>Starts everything, and returns once all are ready.</summary>
    /// <param name="queue">What carries admitted claims: <c>redis-stream</c> or <c>rabbitmq</c>.</param>
    public static async Task<Cluster> StartAsync(string queue)
    {
        var cluster = new Cluster(queue);
        try
        {
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Each time that a node ended by itself after it had begun to serve: whatever happens to the servers behind it, it
    /// waits for them (F16).
    /// </summary>
    public async Task<IReadOnlyList<string>> BreakdownsAsync()
    {
        foreach (var node in Nodes)
        {
            await NoteBreakdownAsync(node);
        }

        return [.. _breakdowns.Distinct()];
    }

    /// <summary>Kills a node, as a power cut would, and starts it again; it is ready some time later.</summary>
    public async Task RestartAsync(string node)
    {
        await NoteBreakdownAsync(node);
        await _nodes[node].KillAsync();
        await RelaunchAsync(node);
    }

    /// <summary>
    /// Waits until every node says that it is ready. One that has ended, because it found no database at its start, is
    /// started again, as whatever supervises it would.
    /// </summary>
    public Task ReadyAsync() => Waiting.UntilAsync("every node was ready", async () =>
    {
        foreach (var node in Nodes.Where(node => _nodes[node].HasExited))
        {
            await NoteBreakdownAsync(node);
            await RelaunchAsync(node);
        }

        foreach (var node in _nodes.Values)
        {
            if (node.HasExited || !await node.IsReadyAsync())
            {
                return false;
            }
        }

        return true;
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }

        foreach (var api in Apis)
        {
            api.Dispose();
        }

        if (Rabbit is not null)
        {
            await Rabbit.DisposeAsync();
        }

        await Redis.DisposeAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _data.Dispose();
    }

    private async Task NoteBreakdownAsync(string node)
    {
        var server = _nodes[node];
        if (server.HasExited && server.Log.Contains(Greeting, StringComparison.Ordinal))
        {
            var last = server.Log.TrimEnd().Split('\n').TakeLast(LinesTold);
            _breakdowns.Add(
                $"{node} ended by itself with {await server.ExitAsync()}, and had logged: {string.Join(" | ", last)}");
        }
    }

    private async Task RelaunchAsync(string node)
    {
        await _nodes[node].DisposeAsync();
        _nodes[node] = Server.Launch(_plans[node]);
    }

    private async Task StartAsync()
    {
        _postgres = await PostgresServer.StartNewAsync();
        await Redis.StartAsync(RedisSettings);
        if (_queue == "rabbitmq")
        {
            Rabbit = new LoopbackRabbit();
            await Rabbit.InitializeAsync();
        }

        foreach (var node in Nodes)
        {
            _plans[node] = PlanOf(node);
        }

        var first = _plans["api-1"];
        var migrated = await Executable.RunAsync(["migrate"], environment: first.Environment);
        if (migrated.ExitCode != 0)
        {
            throw new InvalidOperationException($"The schema could not be made. {migrated}");
        }

        foreach (var (node, plan) in _plans)
        {
            _nodes[node] = Server.Launch(plan);
        }

        Apis = [.. Nodes.Take(2).Select(node => new Api(
            Loopback.Address(_plans[node].Port), timeout: TimeSpan.FromSeconds(5)))];
        await ReadyAsync();
        if (Rabbit is not null)
        {
            // What RabbitMQ 3.10 knows of a new queue is on disk after an orderly stop; a shop's queue is not new.
            await Rabbit.RestartAsync();
        }
    }

    private ServerPlan PlanOf(string node) => new(Path.Combine(_data.Path, node))
    {
        Arguments = ["--roles", node.Split('-')[0]],
        Settings = new Dictionary<string, string>
        {
            ["Doorbuster:Gate"] = "redis",
            ["Doorbuster:Store"] = "postgres",
            ["Doorbuster:Queue"] = _queue,
            ["ConnectionStrings:Redis"] = Redis.ConnectionString,
            ["ConnectionStrings:Postgres"] = Postgres.ConnectionString,
            ["ConnectionStrings:RabbitMq"] = Rabbit?.Address.ToString() ?? "",
            ["Doorbuster:Payments:Sandbox:Url"] =
                _plans.TryGetValue("api-1", out var api) ? $"{Loopback.Address(api.Port)}" : "",
        },
    };
}
