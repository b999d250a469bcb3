using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Scheduling;

namespace Doorbuster.Simulation.Nodes;

/// <summary>Several machines, each of which runs one process of the production node after another.</summary>
internal abstract class Site : IPremises
{
    private readonly World _world;

    protected Site(World world, IReadOnlyList<NodeRoles> roles)
    {
        _world = world;
        Machines = [.. roles.Select((some, no) => new Machine(world, this, no, some))];
    }

    /// <inheritdoc/>
    public int Processes => Machines.Sum(machine => machine.Processes);

    /// <inheritdoc/>
    public long Skew => Machines.Max(machine => machine.Skew);

    /// <inheritdoc/>
    public abstract bool IsSole { get; }

    protected Machine[] Machines { get; }

    /// <summary>What is still to be done; null at rest.</summary>
    public abstract string? Unrest();

    /// <summary>Puts a process' node together and opens it, in its own realm.</summary>
    public abstract ValueTask<Node> OpenAsync(Machine machine, Realm process, RealmClock clock);

    /// <summary>A process is gone.</summary>
    public abstract void Forget(Realm process);

    /// <summary>Whether a machine may start a process now.</summary>
    public virtual bool MayStart(Machine machine) => true;

    /// <inheritdoc/>
    public void Start() => Array.ForEach(Machines, machine => machine.Start());

    /// <inheritdoc/>
    public virtual void AfterStep()
    {
        foreach (var machine in Machines)
        {
            machine.AfterStep();
        }
    }

    /// <inheritdoc/>
    public virtual void Die(Realm process, string when) =>
        Array.Find(Machines, machine => machine.Process == process)?.Die(when);

    /// <summary>A clock was set.</summary>
    public void NoteClocks()
    {
        if (Machines.Max(machine => machine.Skew) - Machines.Min(machine => machine.Skew)
            >= TimeSpan.TicksPerSecond * 5)
        {
            _world.Auditor.Reach(Branch.ClocksFarApart);
        }
    }

    /// <inheritdoc/>
    public async Task SufferAsync()
    {
        var surroundings = SufferTooAsync();
        await Task.WhenAll(Machines.Select(machine => machine.SufferAsync()));
        await surroundings;
        _world.Trace.Add("clocks", "are set right");
    }

    /// <summary>What they share suffers, until faults are over.</summary>
    protected abstract Task SufferTooAsync();
}
