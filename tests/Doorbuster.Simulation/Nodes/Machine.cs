using Doorbuster.Admission;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Nodes;

/// <summary>One machine of several: one process after another, with a clock of its own.</summary>
internal sealed class Machine(World world, Site site, int no, NodeRoles roles)
{
    /// <summary>No clock is further away from the true time.</summary>
    private const int MostApartMs = 5_000;

    private readonly Draw _draw = Draw.Of(world.Seed, Part.Nodes + (100 * (ulong)no));
    private long _dieAt = long.MaxValue;

    /// <summary>Its number among the machines.</summary>
    public int No => no;

    /// <summary>What it does.</summary>
    public NodeRoles Roles => roles;

    /// <summary>How many processes there were.</summary>
    public int Processes { get; private set; }

    /// <summary>How far its clock is from the world's, in ticks.</summary>
    public long Skew { get; private set; }

    /// <summary>Whether its process answers, or works.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The process; null while there is none.</summary>
    public Realm? Process { get; private set; }

    /// <summary>Starts a process, from the world's realm.</summary>
    public void Start()
    {
        Processes++;
        Process = new Realm(world.Agenda, $"{roles} {no}.{Processes}");
        if (world.Faults.Strike(FaultKind.ClocksApart))
        {
            Skew = TimeSpan.TicksPerMillisecond
                * world.Faults.Next(FaultKind.ClocksApart, -MostApartMs, MostApartMs);
            site.NoteClocks();
            world.Trace.Add(Process.Name, $"has a clock {TimeSpan.FromTicks(Skew).TotalSeconds:F3} s beside the time");
        }

        Process.Post(static state => _ = ((Machine)state!).LiveAsync(), this);
    }

    /// <summary>Looks after a step whether the process dies here.</summary>
    public void AfterStep()
    {
        if (world.Agenda.Steps >= _dieAt && Process is not null)
        {
            Die("in the midst of its work");
        }
    }

    /// <summary>The process dies: nothing of it ever runs again.</summary>
    public void Die(string when)
    {
        var process = Process!;
        world.Trace.Add(process.Name, $"dies {when}");
        world.Auditor.Reach(IsOpen ? Branch.Died : Branch.DiedWhileStarting);
        process.End();
        world.Network.Close(process);
        site.Forget(process);
        _dieAt = long.MaxValue;
        (Process, IsOpen) = (null, false);

        // Whoever notices the death may be the dead process itself.
        world.Realm.Post(static state => _ = ((Machine)state!).StartLaterAsync(), this);
    }

    /// <summary>Suffers now and then, until faults are over.</summary>
    public async Task SufferAsync()
    {
        while (!world.Faults.IsOver)
        {
            await world.WaitAsync(_draw.Next(40, 400));
            if (world.Faults.Strike(FaultKind.DiedAnywhere))
            {
                _dieAt = world.Agenda.Steps + world.Faults.Next(FaultKind.DiedAnywhere, 1, 300);
            }

            if (Process is { } process && world.Faults.Strike(FaultKind.NodeHeld))
            {
                world.Trace.Add(process.Name, "stands still");
                process.Hold();
                await world.WaitAsync(world.Faults.Next(FaultKind.NodeHeld, 50, 3_000));
                process.LetGo();
                world.Auditor.Reach(Branch.NodeWokeUp);
            }
        }

        _dieAt = long.MaxValue;
        Skew = 0;
    }

    /// <summary>Its process is left to itself: it runs on, and the next one is started beside it.</summary>
    /// <returns>The process.</returns>
    public Realm Forsake()
    {
        var process = Process!;
        world.Trace.Add(process.Name, "is held for dead, and runs on");
        _dieAt = long.MaxValue;
        (Process, IsOpen) = (null, false);
        _ = StartLaterAsync();
        return process;
    }

    private async Task StartLaterAsync()
    {
        do
        {
            await world.WaitAsync(_draw.Next(5, 200));
        }
        while (!site.MayStart(this));
        Start();
    }

    /// <summary>A process' whole life, in its own realm.</summary>
    private async Task LiveAsync()
    {
        var process = Process!;
        try
        {
            var clock = new RealmClock(world.Agenda, process, () => Skew);
            var node = await site.OpenAsync(this, process, clock);
            world.Trace.Add(process.Name, "is up");
            world.Auditor.Reach(Branch.TookOver);
            IsOpen = true;
            if (roles.HasFlag(NodeRoles.Api))
            {
                var tokens = new PurchaseTokens([World.TokenKey], clock);
                world.Network.Join(new Shopfront(node, tokens, World.ProvidersKeys, clock), process);
            }

            await node.RunAsync(CancellationToken.None);
            world.Auditor.Break("no stage stops", $"{process.Name} ended, and nobody had told it to.");
        }
        catch (StoreUnavailableException)
        {
            Die("because it cannot read what sales there are");
        }
        catch (Exception fault)
        {
            world.Auditor.Break("no stage stops", $"{process.Name} stopped itself: {fault}");
        }
    }
}
