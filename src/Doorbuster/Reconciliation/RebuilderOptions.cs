using System.ComponentModel.DataAnnotations;

namespace Doorbuster.Reconciliation;

/// <summary>How one node watches over the gates that nodes share. Each value has a range.</summary>
public sealed record RebuilderOptions
{
    /// <summary>
    /// The time between two looks at every sale's gate; a sale whose claims find no gate is looked at at once. The
    /// default is 1 second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a node that rebuilds may be silent before another begins anew. The default is 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LeaseLife { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gates that this node looks at or rebuilds at the same time. The default is 4.</summary>
    [Range(1, 64)]
    public int SalesAtOnce { get; init; } = 4;

    /// <summary>Entries of a log that a rebuild reads at once, each a batch of claims. The default is 64.</summary>
    [Range(1, 1_024)]
    public int EntriesAtOnce { get; init; } = 64;

    /// <summary>Claims that a rebuild commits at once, where no single entry has more. The default is 2,048.</summary>
    [Range(1, 65_536)]
    public int ClaimsAtOnce { get; init; } = 2_048;
}
