using System.Diagnostics;

namespace Doorbuster.Chaos;

/// <summary>
/// Breaks one thing after another, and mends it: never two at once, but always something soon. Faults are dealt like
/// cards, so that each kind comes before any comes again, whatever the seed.
/// </summary>
internal sealed class Storm(Cluster cluster, ChaosPlan plan)
{
    private readonly Random _random = new(plan.Seed);
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);

    /// <summary>How often each fault was made.</summary>
    public IReadOnlyDictionary<string, int> Faults => _faults;

    /// <summary>Goes on for as long as the plan says; afterwards everything runs again.</summary>
    public async Task BlowAsync()
    {
        var kinds = Kinds().ToArray();
        var dealt = kinds.Length;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(plan.Seconds))
        {
            await Waiting.ForComebackAsync(_random.NextDouble() * TimeSpan.FromSeconds(5), failures: 0);
            if (dealt == kinds.Length)
            {
                _random.Shuffle(kinds);
                dealt = 0;
            }

            var (name, make) = kinds[dealt++];
            _faults[name] = _faults.GetValueOrDefault(name) + 1;
            await make();
        }

        await cluster.ReadyAsync();
    }

    private IEnumerable<(string Name, Func<Task> Make)> Kinds()
    {
        foreach (var node in cluster.Nodes)
        {
            yield return ($"{node.Split('-')[0]} killed", () => cluster.RestartAsync(node));
        }

        yield return ("Redis killed, back from its append-only file", KillRedisAsync);
        yield return ("Redis emptied", EmptyRedisAsync);
        yield return ("Redis held for 3 s", HoldRedisAsync);
        yield return ("PostgreSQL killed", KillPostgresAsync);
        if (cluster.Rabbit is not null)
        {
            yield return ("RabbitMQ killed", KillRabbitAsync);
        }
    }

    private async Task KillRedisAsync()
    {
        await cluster.Redis.KillAsync();
        await cluster.Redis.StartAsync();
    }

    private Task EmptyRedisAsync() => ServerProcess.RunAsync(
        "redis-cli", "-p", $"{cluster.Redis.Port}", "flushall");

    private async Task HoldRedisAsync()
    {
        cluster.Redis.Pause();
        await Waiting.WhileAsync("Redis is held", () => Task.FromResult(true), TimeSpan.FromSeconds(3));
        cluster.Redis.Resume();
    }

    private async Task KillPostgresAsync()
    {
        await cluster.Postgres.StopAsync();
        await cluster.Postgres.StartAsync();
    }

    private async Task KillRabbitAsync()
    {
        await cluster.Rabbit!.KillAsync();
        await cluster.Rabbit.StartAsync();
    }
}
