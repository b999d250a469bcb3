namespace Doorbuster.Baselines;

/// <summary>How a baseline is started.</summary>
/// <param name="Way">Its name, see <see cref="Ways"/>.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Key">Signs purchase tokens; at least 32 bytes.</param>
/// <param name="Postgres">The database.</param>
/// <param name="Redis">Redis; needed by the ways with a number there.</param>
/// <param name="RabbitMq">RabbitMQ; needed by the same.</param>
/// <param name="Queue">The queue there.</param>
internal sealed record Settings(
    string Way, string Url, byte[] Key, string Postgres, string Redis, Uri? RabbitMq, string Queue)
{
    /// <summary>The ways: the first two have the database as their gate, the others Redis.</summary>
    public static readonly IReadOnlyList<string> Ways = ["conditional", "version", "decrement", "increment"];

    /// <summary>What to type.</summary>
    public const string Usage =
        """
        usage: Doorbuster.Baselines WAY URL
          WAY: conditional, version, decrement or increment
        environment: BASELINE_KEY (base64, at least 32 bytes), BASELINE_POSTGRES (a connection string), and for the last
        two BASELINE_REDIS (host:port) and BASELINE_RABBITMQ (amqp://…), with BASELINE_QUEUE where several run
        """;

    /// <summary>Whether this way sends messages.</summary>
    public bool HasQueue => Way is "decrement" or "increment";

    /// <summary>Reads the arguments and the environment; null where something is missing.</summary>
    public static Settings? Read(string[] args, Func<string, string?> environment)
    {
        if (args is not [var way, var url] || !Ways.Contains(way)
            || environment("BASELINE_KEY") is not { } key || environment("BASELINE_POSTGRES") is not { } postgres)
        {
            return null;
        }

        var redis = environment("BASELINE_REDIS") ?? "";
        var rabbit = Uri.TryCreate(environment("BASELINE_RABBITMQ"), UriKind.Absolute, out var uri) ? uri : null;
        var queue = environment("BASELINE_QUEUE") ?? "baseline-orders";
        var settings = new Settings(way, url, Convert.FromBase64String(key), postgres, redis, rabbit, queue);
        return settings.HasQueue && (redis.Length == 0 || rabbit is null) ? null : settings;
    }
}
