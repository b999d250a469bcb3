using Doorbuster.Admission;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Rabbit;
using Doorbuster.Simulation.Redis;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Till;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Nodes;

/// <summary>One machine of several: one process after another, with a clock of its own.</summary>
internal sealed class Machine(World world, Cluster cluster, int no, NodeRoles roles)
{
    /// <summary>No clock is further away from the true time.</summary>
    private const int MostApartMs = 5_000;

    private readonly Draw _draw = Draw.Of(world.Seed, Part.Nodes + (100 * (ulong)no));
    private RedisLink? _link;
    private long _dieAt = long.MaxValue;

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
            cluster.NoteClocks();
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
        cluster.Redis.Links.Remove(_link!);
        cluster.Hints.Forget(process);
        cluster.Broker?.Forget(node => node == process);
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

    private async Task StartLaterAsync()
    {
        await world.WaitAsync(_draw.Next(5, 200));
        Start();
    }

    /// <summary>A process' whole life, in its own realm.</summary>
    private async Task LiveAsync()
    {
        var process = Process!;
        try
        {
            var clock = new RealmClock(world.Agenda, process, () => Skew);
            var node = new Node(
                PartsOf(process, clock), roles,
                new NodeSettings(
                    new ProviderCall(world.Provider, world.Realm), world.Terms.Limits, clock, world.Terms.Lanes));
            await node.Office.OpenAllAsync(CancellationToken.None);
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

    private SharedParts PartsOf(Realm process, RealmClock clock)
    {
        var terms = world.Terms.Nodes;
        var draw = Draw.Of(world.Chance, Part.Links + (100 * (ulong)Processes) + (ulong)no);
        var redis = cluster.Redis;
        var link = new RedisLink(world.Agenda, world.Realm, world.Faults, draw, terms.CallTimeout.Ticks)
        {
            Server = redis.Primary,
        };
        redis.Links.Add(_link = link);
        var own = new StoreSession(world.Store, world.Disk, process);
        var shared = new SharedSession(world.Store, world.Leases, clock, world.Disk, process)
        {
            FindBad = cluster.Bad.Find,
            IsBad = cluster.Bad.IsBad,
        };
        return new SharedParts(
            process.Name, new SimulatedGate(link, redis), _ => new SimulatedLog(link, redis.Clock), own, own, shared,
            own, shared, shared, shared, shared, shared)
        {
            Letters = shared,
            Ending = shared,
            PatienceWithClosed = terms.PatienceWithClosed,
            Hints = cluster.Hints.Of(process),
            OpenTransport = cluster.Broker is { } broker
                ? () => new SimulatedTransport(broker, world.Agenda, world.Realm, process)
                : null,
            Patience = terms.Patience,
            Rebuilding = terms.Rebuilding,
            BatchesInFlight = terms.BatchesInFlight,
            Workers = terms.Workers,
            ClaimsAtOnce = terms.ClaimsAtOnce,
            Reading = terms.Reading,
        };
    }
}
