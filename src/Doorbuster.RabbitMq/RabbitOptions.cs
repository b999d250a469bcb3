using System.ComponentModel.DataAnnotations;

namespace Doorbuster.RabbitMq;

/// <summary>How RabbitMQ is used. Each value has a range.</summary>
public sealed record RabbitOptions
{
    /// <summary>The queue, which is declared durable and as a quorum queue; "doorbuster.claims" unless said.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string Queue { get; init; } = "doorbuster.claims";

    /// <summary>
    /// How long RabbitMQ may take for any step, a publisher confirm included: a restart can leave one out for ever. The
    /// default is 5 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Entries that a worker has in its hands at most. The default is 64.</summary>
    [Range(1, 1_024)]
    public int Prefetch { get; init; } = 64;
}
