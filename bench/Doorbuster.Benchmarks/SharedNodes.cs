using System.Globalization;
using Doorbuster.Sql.Postgres;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Nodes that share a gate in Redis and a store in PostgreSQL, each a process of its own: those that answer buyers, and
/// one that works.
/// </summary>
internal sealed class SharedNodes : IAsyncDisposable
{
    private readonly ServerProcess _worker;

    private SharedNodes(IReadOnlyList<ServerProcess> apis, ServerProcess worker)
    {
        Apis = apis;
        _worker = worker;
    }

    /// <summary>Those that answer buyers.</summary>
    public IReadOnlyList<ServerProcess> Apis { get; }

    /// <summary>Starts nodes over a schema and a folder of their own.</summary>
    /// <param name="work">Where their folders are made.</param>
    /// <param name="services">The servers; Redis has no other nodes' gates.</param>
    /// <param name="queue">What carries admitted claims: <c>redis-stream</c> or <c>rabbitmq</c>.</param>
    /// <param name="apis">How many answer buyers.</param>
    public static async Task<SharedNodes> StartAsync(string work, Services services, string queue, int apis = 1)
    {
        var name = $"nodes_{Guid.NewGuid():N}";
        await PostgresMigrator.MigrateAsync(
            new PostgresOptions { ConnectionString = services.ConnectionStrings["Postgres"], Schema = name },
            CancellationToken.None);
        var key = ServerProcess.NewKey();
        var started = new List<ServerProcess>();
        for (var i = 0; i <= apis; i++)
        {
            started.Add(await ServerProcess.StartAsync(
                Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"{name}-{i}")),
                key,
                [
                    .. services.ConnectionStrings.Select(one => ($"ConnectionStrings__{one.Key}", one.Value)),
                    ("Doorbuster__Gate", "redis"), ("Doorbuster__Store", "postgres"), ("Doorbuster__Queue", queue),
                    ("Doorbuster__Postgres__Schema", name), ("Doorbuster__Roles", i < apis ? "api" : "worker"),
                    ("Doorbuster__Limits__MaxSales", "100000"),
                    ("Doorbuster__Payments__Sandbox__Url", started.Count > 0 ? $"{started[0].Address}" : ""),
                ]));
        }

        return new SharedNodes(started[..apis], started[apis]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Apis)
        {
            await node.DisposeAsync();
        }

        await _worker.DisposeAsync();
    }
}
