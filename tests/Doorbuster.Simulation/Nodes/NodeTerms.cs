using Doorbuster.Dispatch;
using Doorbuster.Reconciliation;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Nodes;

/// <summary>What a seed makes of a world of several nodes; times are short, so that much happens.</summary>
internal sealed record NodeTerms
{
    /// <summary>What each node does.</summary>
    public required IReadOnlyList<NodeRoles> Roles { get; init; }

    /// <summary>How old the oldest entry of a log may be while the gate admits.</summary>
    public required TimeSpan MaxQueueAge { get; init; }

    /// <summary>How long a call to Redis may take.</summary>
    public required TimeSpan CallTimeout { get; init; }

    public required LogReaderOptions Reading { get; init; }

    public required RebuilderOptions Rebuilding { get; init; }

    /// <summary>How long a dead letter waits before it is given up.</summary>
    public required TimeSpan Patience { get; init; }

    public required int BatchesInFlight { get; init; }

    public required int Workers { get; init; }

    public required int ClaimsAtOnce { get; init; }

    /// <summary>How long a sale is known to be closed before its gate goes; in some worlds none ever does.</summary>
    public required TimeSpan PatienceWithClosed { get; init; }

    /// <summary>Whether the gates of closed sales go while the world lasts.</summary>
    public bool EndsSales => PatienceWithClosed < TimeSpan.FromMinutes(1);

    /// <summary>Whether a broker carries what the log has to the workers.</summary>
    public required bool HasBroker { get; init; }

    /// <summary>Whether single keys of Redis may be lost.</summary>
    public required bool RedisLosesKeys { get; init; }

    /// <summary>Whether Redis may come back with less than it had, or be followed by a replica.</summary>
    public required bool RedisForgets { get; init; }

    /// <summary>
    /// The step in which Redis's clock goes on: where it is coarse, logs that know nothing of each other give the same
    /// names to their entries.
    /// </summary>
    public required TimeSpan RedisTick { get; init; }

    public static NodeTerms Draw(ulong seed)
    {
        var draw = Scheduling.Draw.Of(seed, Part.NodeTerms);
        return new NodeTerms
        {
            Roles = draw.Next(4) switch
            {
                0 => [NodeRoles.Both, NodeRoles.Both],
                1 => [NodeRoles.Api, NodeRoles.Both, NodeRoles.Worker],
                _ => [NodeRoles.Api, NodeRoles.Api, NodeRoles.Worker, NodeRoles.Worker],
            },
            MaxQueueAge = Milliseconds(draw.Of(400, 2_000, 30_000)),
            CallTimeout = Milliseconds(draw.Of(60, 150, 400)),
            Reading = new LogReaderOptions
            {
                EntriesAtOnce = draw.Of(1, 3, 16),
                TakeOverAfter = Milliseconds(draw.Of(300, 1_000, 3_000)),
                BusyPause = Milliseconds(draw.Of(15, 30)),
                IdlePause = Milliseconds(draw.Of(30, 90)),
            },
            Rebuilding = new RebuilderOptions
            {
                LookEvery = Milliseconds(draw.Of(100, 300, 1_000)),
                LeaseLife = Milliseconds(draw.Of(1_000, 1_000, 4_000)),
                SalesAtOnce = draw.Of(1, 4),
                EntriesAtOnce = draw.Of(1, 3, 64),
                ClaimsAtOnce = draw.Of(1, 4, 2_048),
            },
            Patience = Milliseconds(draw.Of(300, 1_500, 6_000)),
            BatchesInFlight = draw.Of(1, 2, 4),
            Workers = draw.Of(1, 1, 2),
            ClaimsAtOnce = draw.Of(1, 5, 2_048),
            RedisLosesKeys = draw.Percent(60),
            RedisForgets = draw.Percent(60),
            HasBroker = draw.Percent(45),
            RedisTick = Milliseconds(draw.Of(1, 1, 50, 300)),
            PatienceWithClosed = Milliseconds(draw.Of(50, 50, 400, 2_000, 3_600_000)),
        };
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
