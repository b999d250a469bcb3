using Doorbuster.Claims;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Nodes;

/// <summary>What a seed makes of a world of several nodes whose gate is the store.</summary>
internal sealed record StoreTerms
{
    /// <summary>What each node does.</summary>
    public required IReadOnlyList<NodeRoles> Roles { get; init; }

    /// <summary>Whether claims are judged without a lock.</summary>
    public required bool IsOptimistic { get; init; }

    /// <summary>How often a batch is tried that others are in the way of; few, so that tries run out.</summary>
    public required GatePatience Patience { get; init; }

    public required int BatchesInFlight { get; init; }

    public static StoreTerms Draw(ulong seed)
    {
        var draw = Scheduling.Draw.Of(seed, Part.StoreTerms);
        return new StoreTerms
        {
            Roles = draw.Next(4) switch
            {
                0 => [NodeRoles.Both, NodeRoles.Both],
                1 => [NodeRoles.Api, NodeRoles.Both, NodeRoles.Worker],
                2 => [NodeRoles.Both, NodeRoles.Both, NodeRoles.Both],
                _ => [NodeRoles.Api, NodeRoles.Api, NodeRoles.Worker],
            },
            IsOptimistic = draw.Percent(50),
            Patience = new GatePatience(
                draw.Of(1, 2, 3, 16), TimeSpan.FromMilliseconds(draw.Of(1, 2, 10)),
                TimeSpan.FromMilliseconds(draw.Of(5, 20, 100))),
            BatchesInFlight = draw.Of(1, 1, 2, 3),
        };
    }
}
