using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Rabbit;
using Doorbuster.Simulation.Redis;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Nodes;

/// <summary>Several machines, each of which runs one process of the production node after another.</summary>
internal sealed class Cluster : IPremises
{
    /// <summary>What leaves gate and store apart for as long as a rebuild takes.</summary>
    private static readonly FaultKind[] Damages =
    [
        FaultKind.RedisRestarted, FaultKind.RedisEmpty, FaultKind.RedisOlder, FaultKind.RedisSplit,
        FaultKind.RedisEvicted,
    ];

    private readonly World _world;
    private readonly Machine[] _machines;

    public Cluster(World world)
    {
        _world = world;
        Redis = new RedisTown(world);
        Hints = new HintTown(world);
        Broker = world.Terms.Nodes.HasBroker ? new Broker(world) : null;
        Bad = new BadClaims(world.Faults, world.Store, world.Trace);
        _machines = [.. world.Terms.Nodes.Roles.Select((roles, no) => new Machine(world, this, no, roles))];
    }

    /// <summary>The Redis that they share.</summary>
    public RedisTown Redis { get; }

    /// <summary>The broker between log and workers; null where workers read the log.</summary>
    public Broker? Broker { get; }

    /// <summary>Word between nodes.</summary>
    public HintTown Hints { get; }

    /// <summary>Claims that cannot be written.</summary>
    public BadClaims Bad { get; }

    /// <inheritdoc/>
    public int Processes => _machines.Sum(machine => machine.Processes);

    /// <inheritdoc/>
    public long Skew => _machines.Max(machine => machine.Skew);

    /// <inheritdoc/>
    public bool IsSole => !Array.Exists(Damages, kind => _world.Faults.Struck[(int)kind] > 0);

    /// <summary>What is still to be done; null at rest.</summary>
    public string? Unrest()
    {
        if (!Array.TrueForAll(_machines, machine => machine.IsOpen))
        {
            return "Not every node is up.";
        }

        if (_world.Store.Untold > 0 || _world.Store.Letters.Count > 0)
        {
            return $"{_world.Store.Untold} words for gates, and {_world.Store.Letters.Count} dead letters, wait.";
        }

        if (Broker is { IsEmpty: false } broker)
        {
            return broker.ToString();
        }

        return Redis.Book.FindUnwritten() is { } order
            ? $"{OrderSheet.Short(order)} was admitted, was not lost, and is not in the store."
            : _world.Store.Sales.Select(UnrestOf).FirstOrDefault(unrest => unrest is not null);
    }

    /// <summary>
    /// I2: a sale's gate is open, of the store's epoch, knows each order of the store, and holds for each just what the
    /// store does; its log is empty. Or the sale is closed for good, and its gate gone: nothing counts that is said by
    /// one that comes late.
    /// </summary>
    private string? UnrestOf(DurableSale row)
    {
        if (row.IsOver)
        {
            return null;
        }

        if (row.Sale.Mode == SaleMode.Closed && _world.Terms.Nodes.EndsSales)
        {
            return $"{row.Sale.Id} is closed, and its gate has not gone.";
        }

        var gates = Redis.Primary.Data;
        var look = AtOnce.Of(gates.LookAsync(row.Sale.Id, CancellationToken.None));
        var report = AtOnce.Of(gates.ReportAsync(row.Sale.Id, CancellationToken.None));
        if (report is null || look.Epoch != row.Epoch || gates.LogOf(row.Sale.Id).Count > 0)
        {
            return $"The gate of {row.Sale.Id} is {look}, the store's epoch {row.Epoch}, and its log has "
                + $"{gates.LogOf(row.Sale.Id).Count} entries.";
        }

        var held = report.Orders.ToDictionary(order => order.Key, order => order.Quantity);
        foreach (var order in row.Orders)
        {
            if (!held.Remove(order.Id.Key, out var units) || units != order.Held)
            {
                return $"The gate holds {units} units for {OrderSheet.Of(order)}.";
            }
        }

        return held.Count == 0
            ? null
            : $"The gate of {row.Sale.Id} knows {held.Count} orders that there are not, of {held.Values.Sum()} units.";
    }

    /// <inheritdoc/>
    public void Start() => Array.ForEach(_machines, machine => machine.Start());

    /// <inheritdoc/>
    public void AfterStep()
    {
        foreach (var machine in _machines)
        {
            machine.AfterStep();
        }

        Redis.AfterStep();
    }

    /// <inheritdoc/>
    public void Die(Realm process, string when) =>
        Array.Find(_machines, machine => machine.Process == process)?.Die(when);

    /// <summary>A clock was set.</summary>
    public void NoteClocks()
    {
        if (_machines.Max(machine => machine.Skew) - _machines.Min(machine => machine.Skew)
            >= TimeSpan.TicksPerSecond * 5)
        {
            _world.Auditor.Reach(Branch.ClocksFarApart);
        }
    }

    /// <inheritdoc/>
    public async Task SufferAsync()
    {
        var redis = Redis.SufferAsync();
        var broker = Broker?.SufferAsync() ?? Task.CompletedTask;
        await Task.WhenAll(_machines.Select(machine => machine.SufferAsync()));
        await Task.WhenAll(redis, broker);
        _world.Trace.Add("clocks", "are set right");
    }
}
