using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Redis;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Till;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Nodes;

/// <summary>
/// Nodes that share a store, which is their gate. Now and then one process with a gate in its memory takes the store
/// over for a while, and gives way to them again; who worked on it before may run on beside the others, and does not
/// know that it has lost it.
/// </summary>
internal sealed class StoreSite : Site
{
    private readonly World _world;
    private readonly Draw _draw;
    private readonly StoreClock _clock;

    /// <summary>Processes that have lost the store, and run on.</summary>
    private readonly List<Realm> _forsaken = [];

    /// <summary>Whether the gate is one process' memory now.</summary>
    private bool _isAlone;

    public StoreSite(World world)
        : base(world, world.Terms.Store.Roles)
    {
        _world = world;
        _draw = Draw.Of(world.Seed, Part.Site);
        _clock = new StoreClock(world.Clock);
        Hints = new HintTown(world, isUnruly: true);
        world.Store.Reopened = Hints.TellOfUnits;
    }

    /// <summary>Word between nodes.</summary>
    public HintTown Hints { get; }

    /// <inheritdoc/>
    public override bool IsSole => !_isAlone && _forsaken.Count == 0;

    /// <inheritdoc/>
    public override string? Unrest() =>
        !Array.TrueForAll(Machines, machine => machine.IsOpen) ? "Not every node is up."
        : IsSole && _world.Store.IsGate ? null
        : "Another gate works on the store.";

    /// <inheritdoc/>
    public override bool MayStart(Machine machine) => !_isAlone || machine.No == 0;

    /// <inheritdoc/>
    public override void Die(Realm process, string when)
    {
        if (!_forsaken.Remove(process))
        {
            base.Die(process, when);
            return;
        }

        _world.Trace.Add(process.Name, $"dies {when}");
        process.End();
        _world.Network.Close(process);
        Forget(process);
    }

    /// <inheritdoc/>
    public override void Forget(Realm process) => Hints.Forget(process);

    /// <inheritdoc/>
    public override ValueTask<Node> OpenAsync(Machine machine, Realm process, RealmClock clock) =>
        _isAlone ? OpenAloneAsync(process, clock) : OpenAsGateAsync(machine, process, clock);

    /// <inheritdoc/>
    protected override async Task SufferTooAsync()
    {
        while (!_world.Faults.IsOver)
        {
            await _world.WaitAsync(_draw.Next(50, 500));
            if (!_world.HasItsSales || !IsSole)
            {
                continue;
            }

            if (StrangeHand.Strike(_world))
            {
                _world.Auditor.Reach(Branch.StrangeOrderHeeded);
            }

            if (_world.Faults.Strike(FaultKind.GateChanged))
            {
                await ChangeGateAsync();
            }
        }

        foreach (var process in _forsaken.ToArray())
        {
            Die(process, "at last");
        }
    }

    /// <summary>One process takes the store over for a while.</summary>
    private async Task ChangeGateAsync()
    {
        var fault = FaultKind.GateChanged;
        _world.Trace.Add("operator", "has one process work on the store alone");
        _isAlone = true;
        Array.ForEach(Machines, MakeRoom);
        await _world.WaitAsync(_world.Faults.Next(fault, 300, 3_000));
        _world.Trace.Add("operator", "has the store be the gate again");
        _isAlone = false;
        MakeRoom(Machines[0]);
        _world.Auditor.Reach(Branch.GateKindChanged);
    }

    /// <summary>A machine's process ends, or runs on without knowing that it has lost the store.</summary>
    private void MakeRoom(Machine machine)
    {
        if (machine.Process is not { } process)
        {
            return;
        }

        if (!machine.IsOpen || _draw.Percent(40))
        {
            machine.Die("for another kind of gate is to work on the store");
            return;
        }

        machine.Forsake();
        _forsaken.Add(process);
        if (_isAlone)
        {
            _world.Auditor.Reach(Branch.LostNodeRanOn);
        }
        else
        {
            // It refuses from memory: nobody who comes later asks it.
            _world.Network.Hide(process);
        }

        _ = DieLaterAsync(process, _draw.Next(20, 2_000));
    }

    private async Task DieLaterAsync(Realm process, int milliseconds)
    {
        await _world.WaitAsync(milliseconds);
        if (_forsaken.Contains(process))
        {
            Die(process, "for it has found out that it has lost the store");
        }
    }

    private async ValueTask<Node> OpenAsGateAsync(Machine machine, Realm process, RealmClock clock)
    {
        var terms = _world.Terms.Store;
        var gate = new GateSession(_world.Store, _clock, terms.IsOptimistic, _world.Disk, process)
        {
            Tries = terms.Patience.Tries,
            Lost = times => _world.Auditor.Reach(
                times < terms.Patience.Tries ? Branch.SomebodyWasFaster : Branch.SomebodyWasFasterTooOften),
        };
        var session = new StoreSession(_world.Store, _world.Disk, process) { Owner = await gate.OpenAsync() };
        var draw = Draw.Of(
            _world.Chance, Part.Links + (100 * (ulong)machine.Processes) + (ulong)machine.No);
        var parts = new StoreGateParts(
            process.Name, gate, session, session, gate, session, () => draw.Next(1_000) / 1_000.0)
        {
            Hints = Hints.Of(process),
            ListenForUnits = Hints.UnitsOf(process),
            BatchesInFlight = terms.BatchesInFlight,
            Patience = terms.Patience,
        };
        var node = new Node(parts, machine.Roles, SettingsOf(clock));
        await node.Office.OpenAllAsync(CancellationToken.None);
        return node;
    }

    private async ValueTask<Node> OpenAloneAsync(Realm process, RealmClock clock)
    {
        var session = new StoreSession(_world.Store, _world.Disk, process);
        var node = new Node(session, session, session, SettingsOf(clock));
        await node.Office.OpenAllAsync(CancellationToken.None);
        return node;
    }

    private NodeSettings SettingsOf(RealmClock clock) => new(
        new ProviderCall(_world.Provider, _world.Realm), _world.Terms.Limits, clock, _world.Terms.Lanes);
}
