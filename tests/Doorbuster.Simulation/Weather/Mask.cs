namespace Doorbuster.Simulation.Weather;

/// <summary>
/// What is left out of a world, so that what remains of a failure is short: people who stay at home, and faults that do
/// not strike. Who remains draws what they would have drawn.
/// </summary>
internal sealed record Mask
{
    /// <summary>Nothing is left out.</summary>
    public static readonly Mask None = new();

    /// <summary>Buyers who stay at home, by number.</summary>
    public IReadOnlySet<int> Buyers { get; init; } = new HashSet<int>();

    /// <summary>Sales that there are not, by number; whoever would have come for one does something else.</summary>
    public IReadOnlySet<int> Sales { get; init; } = new HashSet<int>();

    /// <summary>Operators who stay at home, by the number of their sale.</summary>
    public IReadOnlySet<int> Operators { get; init; } = new HashSet<int>();

    /// <summary>Watchers who stay at home, by number.</summary>
    public IReadOnlySet<int> Watchers { get; init; } = new HashSet<int>();

    /// <summary>Kinds of faults that do not strike.</summary>
    public IReadOnlySet<FaultKind> Kinds { get; init; } = new HashSet<FaultKind>();

    /// <summary>Single faults that do not strike: the kind, and which of them from 0.</summary>
    public IReadOnlySet<(FaultKind Kind, int No)> Faults { get; init; } = new HashSet<(FaultKind, int)>();

    /// <summary>The most visits that each buyer makes.</summary>
    public int Visits { get; init; } = int.MaxValue;

    /// <summary>
    /// Changes the order in which continuations run, and how long the network and the disk take; what people want
    /// stays.
    /// </summary>
    public int Order { get; init; }

    /// <summary>Whether the fault may strike.</summary>
    public bool Allows(FaultKind kind, int no) => !Kinds.Contains(kind) && !Faults.Contains((kind, no));
}
