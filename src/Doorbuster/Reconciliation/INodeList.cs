using Doorbuster.Telemetry;

namespace Doorbuster.Reconciliation;

/// <summary>
/// The nodes that share an order store, as they were last heard of. Each says over and over that it lives; by one clock
/// that all share it is told how long one has been silent. It is for people to look at: nothing rests on it.
/// </summary>
public interface INodeList
{
    /// <summary>A node lives, and is as it says; those that were silent for too long are forgotten.</summary>
    /// <param name="beat">What it says.</param>
    /// <param name="keep">How long a silent one is kept.</param>
    /// <param name="cancellationToken">Gives up; it may be noted or not.</param>
    /// <exception cref="StoreUnavailableException">It may be noted or not.</exception>
    ValueTask BeatAsync(NodeBeat beat, TimeSpan keep, CancellationToken cancellationToken);

    /// <summary>A node has ended as it should, and is listed no more.</summary>
    /// <exception cref="StoreUnavailableException">It may be listed or not.</exception>
    ValueTask LeaveAsync(string node, CancellationToken cancellationToken);

    /// <summary>Nodes in ascending order of id, a page of them.</summary>
    /// <param name="after">The id to go on from, which need not exist; null begins with the first.</param>
    /// <param name="most">The most of them, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The list cannot be read now.</exception>
    ValueTask<IReadOnlyList<ListedNode>> ListAsync(string? after, int most, CancellationToken cancellationToken);
}

/// <summary>What a node says of itself.</summary>
/// <param name="Id">A name of this process alone, and of no later life of it.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Roles">What it does.</param>
/// <param name="StartedAt">Since when, by its own clock.</param>
/// <param name="NotReady">What is not as it should be, in words; nothing where it is ready.</param>
/// <param name="Lag">
/// For how long the oldest admitted claim in its hands has waited for its order, by the clocks of gate and node;
/// nothing where it is no worker.
/// </param>
public sealed record NodeBeat(
    string Id, string Name, NodeRoles Roles, DateTimeOffset StartedAt, IReadOnlyList<string> NotReady, TimeSpan? Lag)
{
    /// <summary>Nobody has claimed anything.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> NoClaims =
        new Dictionary<string, IReadOnlyDictionary<string, long>>();

    /// <summary>
    /// The claims that it has answered since it started, by sale and by what was decided, in the words of
    /// <see cref="ClaimTally"/>; a bounded choice of sales.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Claims { get; init; } = NoClaims;
}

/// <summary>A node as it was last heard of.</summary>
/// <param name="Beat">What it said.</param>
/// <param name="SeenAt">When, by the list's clock.</param>
/// <param name="Silence">How long ago that is.</param>
public sealed record ListedNode(NodeBeat Beat, DateTimeOffset SeenAt, TimeSpan Silence)
{
    /// <summary>Whether it lives, for all that can be told.</summary>
    public bool IsLive => Silence <= NodeBeats.GoneAfter;
}
