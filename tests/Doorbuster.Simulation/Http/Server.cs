using Doorbuster.Admission;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Till;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Http;

/// <summary>
/// The machine on which one process after another runs the production node over the same disk. A process that dies is
/// started again after a while.
/// </summary>
internal sealed class Server(World world)
{
    private readonly Draw _draw = Draw.Of(world.Seed, Part.Nodes);
    private Realm? _process;
    private bool _isOpen;
    private long _dieAt = long.MaxValue;
    private long _skew;

    /// <summary>How many processes there were.</summary>
    public int Processes { get; private set; }

    /// <summary>How far the machine's clock is from the world's, in ticks.</summary>
    public long Skew => _skew;

    /// <summary>Starts a process, from the world's realm.</summary>
    public void Start()
    {
        Processes++;
        _isOpen = false;
        world.Disk.Lock();
        _process = new Realm(world.Agenda, $"node {Processes}");
        _process.Post(static state => _ = ((Server)state!).LiveAsync(), this);
    }

    /// <summary>Looks after a step whether the process dies here.</summary>
    public void AfterStep()
    {
        if (world.Agenda.Steps >= _dieAt && _process is not null)
        {
            Die("in the midst of its work");
        }
    }

    /// <summary>The process dies: nothing of it ever runs again.</summary>
    public void Die(string when)
    {
        _dieAt = long.MaxValue;
        if (_process is not { } process)
        {
            return;
        }

        world.Trace.Add(process.Name, $"dies {when}");
        world.Auditor.Reach(_isOpen ? Branch.Died : Branch.DiedWhileStarting);
        process.End();
        _process = null;
        world.Network.Close();

        // Whoever notices the death may be the dead process itself.
        world.Realm.Post(static state => _ = ((Server)state!).StartLaterAsync(), this);
    }

    /// <summary>Has the machine suffer now and then, until faults are over.</summary>
    public async Task SufferAsync()
    {
        while (!world.Faults.IsOver)
        {
            await world.WaitAsync(_draw.Next(20, 200));
            if (world.Faults.Strike(FaultKind.DiedAnywhere))
            {
                _dieAt = world.Agenda.Steps + world.Faults.Next(FaultKind.DiedAnywhere, 1, 300);
            }

            Jump(FaultKind.ClockAhead, 1);
            Jump(FaultKind.ClockBack, -1);
        }

        _dieAt = long.MaxValue;
        if (_skew != 0)
        {
            _skew = 0;
            world.Trace.Add("clock", "is set right");
        }
    }

    private void Jump(FaultKind kind, int sign)
    {
        if (world.Faults.Strike(kind))
        {
            var most = world.Faults.Next(kind, 0, 10) switch { 0 => 1_500_000, < 4 => 8_000, _ => 600 };
            var jump = TimeSpan.TicksPerMillisecond * sign * world.Faults.Next(kind, 1, most);
            _skew = Math.Abs(_skew + jump) > TimeSpan.TicksPerMinute * 30 ? 0 : _skew + jump;
            world.Trace.Add("clock", $"jumps to {TimeSpan.FromTicks(_skew).TotalSeconds:F3} s beside the true time");
        }
    }

    private async Task StartLaterAsync()
    {
        await world.WaitAsync(_draw.Next(5, 200));
        Start();
    }

    /// <summary>A process' whole life, in its own realm.</summary>
    private async Task LiveAsync()
    {
        var process = _process!;
        try
        {
            var clock = new RealmClock(world.Agenda, process, () => _skew);
            var session = new StoreSession(world.Store, world.Disk, process);
            var node = new Node(
                session, session, session, new ProviderCall(world.Provider, world.Realm), world.Terms.Limits, clock,
                world.Terms.Lanes);
            node.Gate.OwnershipLost += sale => world.Auditor.Break(
                "I2 never undersold", $"The gate has shut {sale}, which nobody took over.");
            await node.Office.OpenAllAsync(CancellationToken.None);
            world.Trace.Add(process.Name, $"has taken over, owner {world.Store.Owner}");
            world.Auditor.Reach(Branch.TookOver);
            _isOpen = true;
            var shop = new Shopfront(node, new PurchaseTokens([World.TokenKey], clock), World.ProvidersKeys, clock);
            world.Network.Open(shop, process);
            await node.RunAsync(CancellationToken.None);
            world.Auditor.Break("no stage stops", $"{process.Name} ended, and nobody had told it to.");
        }
        catch (StoreUnavailableException)
        {
            Die("because it cannot take over");
        }
        catch (Exception fault)
        {
            world.Auditor.Break("no stage stops", $"{process.Name} stopped itself: {fault}");
        }
    }
}
