using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Http;

/// <summary>Where a world's processes run, die, and are started again.</summary>
internal interface IPremises
{
    /// <summary>How many processes there were.</summary>
    int Processes { get; }

    /// <summary>How far servers' clocks are from the world's at most, in ticks.</summary>
    long Skew { get; }

    /// <summary>Whether an audit finds the law kept, for nothing is happening that it could not know.</summary>
    bool IsSole { get; }

    /// <summary>Starts the processes, from the world's realm.</summary>
    void Start();

    /// <summary>Looks after a step whether a process dies here.</summary>
    void AfterStep();

    /// <summary>A process dies: nothing of it ever runs again.</summary>
    void Die(Realm process, string when);

    /// <summary>Has the machines suffer now and then, until faults are over.</summary>
    Task SufferAsync();
}
