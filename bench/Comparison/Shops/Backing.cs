using System.Globalization;
using Doorbuster.Servers;
using Npgsql;

namespace Doorbuster.Comparison.Shops;

/// <summary>
/// The servers behind one contender, started for it alone: PostgreSQL with durable settings that also notes when each
/// transaction was committed, and RabbitMQ. Redis is started anew for each of its trials.
/// </summary>
internal sealed class Backing : IAsyncDisposable
{
    private readonly bool _hasRedis;
    private PostgresServer? _postgres;
    private LoopbackRabbit? _rabbit;
    private int _trials;

    private Backing(bool hasRedis) => _hasRedis = hasRedis;

    /// <summary>Starts what is needed.</summary>
    public static async Task<Backing> StartAsync(Needs needs)
    {
        var backing = new Backing(needs.HasFlag(Needs.Redis));
        try
        {
            if (needs.HasFlag(Needs.Postgres))
            {
                backing._postgres = await PostgresServer.StartNewAsync(
                    "shared_buffers=128MB", "track_commit_timestamp=on");
            }

            if (needs.HasFlag(Needs.RabbitMq))
            {
                backing._rabbit = new LoopbackRabbit();
                await backing._rabbit.InitializeAsync();
            }

            return backing;
        }
        catch
        {
            await backing.DisposeAsync();
            throw;
        }
    }

    /// <summary>An empty database, an empty Redis and a queue of its own for the next trial.</summary>
    /// <param name="hasLog">
    /// Whether Redis logs each write and syncs its log each second; else it keeps the snapshots that are asked for.
    /// </param>
    public async Task<Ground> NextAsync(bool hasLog)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"trial{++_trials}");
        var database = "";
        if (_postgres is not null)
        {
            // What the trial before has left to write would be written during this one.
            await _postgres.QueryAsync("CHECKPOINT");
            await _postgres.QueryAsync($"CREATE DATABASE {name}");
            database = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = name }.ToString();
        }

        LoopbackRedis? redis = null;
        if (_hasRedis)
        {
            redis = new LoopbackRedis();
            await redis.StartAsync(
                "--save", "", "--appendonly", hasLog ? "yes" : "no", "--appendfsync", "everysec",
                "--maxmemory-policy", "noeviction");
        }

        return new Ground(Directory.CreateTempSubdirectory("doorbuster-comparison-"), name, database, redis, _rabbit);
    }

    public async ValueTask DisposeAsync()
    {
        await (_rabbit?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}

/// <summary>The servers that a contender needs.</summary>
[Flags]
internal enum Needs
{
    /// <summary>None: a file is enough.</summary>
    None = 0,

    /// <summary>A PostgreSQL.</summary>
    Postgres = 1,

    /// <summary>A Redis.</summary>
    Redis = 2,

    /// <summary>A RabbitMQ.</summary>
    RabbitMq = 4,
}
