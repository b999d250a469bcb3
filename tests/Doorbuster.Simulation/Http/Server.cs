using Doorbuster.Admission;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Till;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Http;

/// <summary>
/// Runs one process after another of the production node over the same disk. A process that dies is started again after
/// a while; one that is only held for dead runs on beside the next, and has lost its store without knowing it.
/// </summary>
internal sealed class Server(World world) : IPremises
{
    private readonly Draw _draw = Draw.Of(world.Seed, Part.Nodes);
    private Realm? _process;
    private Realm? _forsaken;
    private bool _isOpen;
    private bool _isStrange;
    private long _dieAt = long.MaxValue;

    /// <summary>How many processes there were.</summary>
    public int Processes { get; private set; }

    /// <summary>How far the servers' clocks are from the world's, in ticks.</summary>
    public long Skew { get; private set; }

    /// <summary>
    /// Whether one process alone answers, and the store has nothing that it could not know: then an audit finds the law
    /// kept.
    /// </summary>
    public bool IsSole => _isOpen && _forsaken is null && !_isStrange;

    /// <summary>Starts a process, from the world's realm.</summary>
    public void Start()
    {
        Processes++;
        _isOpen = false;
        _isStrange = false;
        world.Disk.Lock();
        _process = new Realm(world.Agenda, $"node {Processes}");
        _process.Post(static state => _ = ((Server)state!).LiveAsync(), this);
    }

    /// <summary>Looks after a step whether the process dies here.</summary>
    public void AfterStep()
    {
        if (world.Agenda.Steps >= _dieAt && _process is { } process)
        {
            Die(process, "in the midst of its work");
        }
    }

    /// <summary>A process dies: nothing of it ever runs again.</summary>
    public void Die(Realm process, string when)
    {
        world.Trace.Add(process.Name, $"dies {when}");
        process.End();
        world.Network.Close(process);
        if (process == _forsaken)
        {
            _forsaken = null;
        }

        if (process != _process)
        {
            return;
        }

        world.Auditor.Reach(_isOpen ? Branch.Died : Branch.DiedWhileStarting);
        _dieAt = long.MaxValue;
        _process = null;
        _isOpen = false;

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
            if (IsSole && world.HasItsSales)
            {
                Forsake();
                _isStrange = IsSole && StrangeHand.Strike(world);
            }
        }

        EndSuffering();
    }

    private void EndSuffering()
    {
        _dieAt = long.MaxValue;
        if (Skew != 0)
        {
            Skew = 0;
            world.Trace.Add("clock", "is set right");
        }

        if (_forsaken is { } forsaken)
        {
            Die(forsaken, "at last");
        }

        if (_isStrange && _process is { } process)
        {
            Die(process, "for somebody starts it again: its audit tells of a strange order");
        }
    }

    private void Jump(FaultKind kind, int sign)
    {
        if (world.Faults.Strike(kind))
        {
            var most = world.Faults.Next(kind, 0, 10) switch { 0 => 1_500_000, < 4 => 8_000, _ => 600 };
            var jump = TimeSpan.TicksPerMillisecond * sign * world.Faults.Next(kind, 1, most);
            Skew = Math.Abs(Skew + jump) > TimeSpan.TicksPerMinute * 30 ? 0 : Skew + jump;
            world.Trace.Add("clock", $"jumps to {TimeSpan.FromTicks(Skew).TotalSeconds:F3} s beside the true time");
        }
    }

    private void Forsake()
    {
        if (!world.Faults.Strike(FaultKind.HeldForDead))
        {
            return;
        }

        world.Trace.Add(_process!.Name, "is held for dead, and runs on");
        (_forsaken, _process, _isOpen) = (_process, null, false);
        world.Network.Forsake();
        _ = DieLaterAsync(_forsaken!, world.Faults.Next(FaultKind.HeldForDead, 50, 3_000), "at last");
        _ = StartLaterAsync(within: 30);
    }

    private async Task DieLaterAsync(Realm process, int milliseconds, string why)
    {
        await world.WaitAsync(milliseconds);
        if (!process.IsOver)
        {
            Die(process, why);
        }
    }

    private async void StartAgain(Realm process, int patience) =>
        await DieLaterAsync(process, patience, "for somebody starts it again: a sale is shut");

    private async Task StartLaterAsync(int within = 200)
    {
        await world.WaitAsync(_draw.Next(5, within));
        Start();
    }

    /// <summary>A process' whole life, in its own realm.</summary>
    private async Task LiveAsync()
    {
        var process = _process!;
        try
        {
            var clock = new RealmClock(world.Agenda, process, () => Skew);
            var session = new StoreSession(world.Store, world.Disk, process);
            var node = new Node(
                session, session, session, new ProviderCall(world.Provider, world.Realm), world.Terms.Limits, clock,
                world.Terms.Lanes);
            node.SaleLost += sale => Shut(process, sale);
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
            Die(process, "because it cannot take over");
        }
        catch (Exception fault)
        {
            world.Auditor.Break("no stage stops", $"{process.Name} stopped itself: {fault}");
        }
    }

    /// <summary>A gate has shut a sale, for the store is not as it knows it: there must be a reason.</summary>
    private void Shut(Realm process, SaleId sale)
    {
        world.Trace.Add(process.Name, $"shuts {sale}, for somebody else has written");
        if (process == _forsaken)
        {
            world.Auditor.Reach(Branch.ForsakenShut);
        }
        else if (_isStrange)
        {
            world.Auditor.Reach(Branch.StrangeOrderSeen);
            var patience = _draw.Next(20, 400);
            world.Realm.Post(_ => StartAgain(process, patience), null);
        }
        else
        {
            world.Auditor.Break("I2 never undersold", $"The gate has shut {sale}, which nobody took over.");
        }
    }
}
