using Doorbuster.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Doorbuster.EndToEnd.Tests.Shared;

/// <summary>A Redis and a PostgreSQL of their own, and nodes over them, each a process.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly List<DataDirectory> _data = [];
    private readonly List<Server> _nodes = [];
    private readonly LoopbackRedis _redis = new();
    private PostgresServer? _postgres;
    private int _names;

    // Whom workers tell of refunds: nodes that answer, and here nobody, for no test of workers moves money.
    private readonly Uri _shop = Loopback.Address(Loopback.NextPort());

    internal PostgresServer Postgres => _postgres!;

    internal LoopbackRedis Redis => _redis;

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartNewAsync();
        await _redis.StartAsync();
        var plan = Plan();
        var migrated = await Executable.RunAsync(["migrate", "--data", plan.DataDirectory], null, plan.Environment);
        Assert.True(migrated.ExitCode == 0, migrated.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _redis.DisposeAsync();
        await (_postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
        _data.ForEach(directory => directory.Dispose());
    }

    /// <summary>Starts a node, and returns once it is ready.</summary>
    internal async Task<Server> StartAsync(ServerPlan? plan = null)
    {
        var node = Launch(plan);
        await node.ReadyAsync();
        return node;
    }

    /// <summary>Starts a node with some roles, and returns once it is ready.</summary>
    internal Task<Server> StartAsync(string roles)
    {
        var plan = roles == "worker" ? Plan(("Doorbuster:Payments:Sandbox:Url", $"{_shop}")) : Plan();
        return StartAsync(plan with { Arguments = ["--roles", roles] });
    }

    /// <summary>Starts a node, and returns at once.</summary>
    internal Server Launch(ServerPlan? plan = null)
    {
        var node = Server.Launch(plan ?? Plan());
        _nodes.Add(node);
        return node;
    }

    /// <summary>How a node is started that has a data directory of its own.</summary>
    internal ServerPlan Plan(params (string Name, string Value)[] settings)
    {
        _data.Add(new DataDirectory());
        var all = new Dictionary<string, string>
        {
            ["Doorbuster:Gate"] = "redis",
            ["Doorbuster:Store"] = "postgres",
            ["Doorbuster:Queue"] = "redis-stream",
            ["ConnectionStrings:Redis"] = Redis.ConnectionString,
            ["ConnectionStrings:Postgres"] = Postgres.ConnectionString,
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new ServerPlan(_data[^1].Path) { Settings = all };
    }

    /// <summary>A name that no other test has.</summary>
    internal string Name(string of) => $"{of}-{Interlocked.Increment(ref _names)}";

    /// <summary>
    /// Creates a sale that no other test has, and returns once its gate stands: a node that has seen the sale before
    /// its gate was opened takes that for lost and opens it anew, and buyers are told to try again meanwhile.
    /// </summary>
    internal async Task<string> NewSaleAsync(Server node, Terms terms)
    {
        var sale = await node.CreateSaleAsync(terms with { Id = Name("sale") });
        var lease = $"name = 'rebuild {sale}' AND expires_at > clock_timestamp()";
        await Waiting.UntilAsync(
            "nobody opened the gate of the new sale anew",
            async () => await Postgres.QueryAsync($"SELECT name FROM doorbuster.leases WHERE {lease}") is "");
        return sale;
    }
}
