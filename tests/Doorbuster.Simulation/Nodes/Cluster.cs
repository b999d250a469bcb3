using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Rabbit;
using Doorbuster.Simulation.Redis;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Till;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Nodes;

/// <summary>Nodes that share a gate in Redis and a store.</summary>
internal sealed class Cluster : Site
{
    /// <summary>What leaves gate and store apart for as long as a rebuild takes.</summary>
    private static readonly FaultKind[] Damages =
    [
        FaultKind.RedisRestarted, FaultKind.RedisEmpty, FaultKind.RedisOlder, FaultKind.RedisSplit,
        FaultKind.RedisEvicted,
    ];

    private readonly World _world;
    private readonly Dictionary<Realm, RedisLink> _links = [];

    public Cluster(World world)
        : base(world, world.Terms.Nodes.Roles)
    {
        _world = world;
        Redis = new RedisTown(world);
        Hints = new HintTown(world);
        Broker = world.Terms.Nodes.HasBroker ? new Broker(world) : null;
        Bad = new BadClaims(world.Faults, world.Store, world.Trace);
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
    public override bool IsSole => !Array.Exists(Damages, kind => _world.Faults.Struck[(int)kind] > 0);

    /// <summary>What is still to be done; null at rest.</summary>
    public override string? Unrest()
    {
        if (!Array.TrueForAll(Machines, machine => machine.IsOpen))
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

        if (Redis.Primary.Overdue > 0)
        {
            return $"Redis is yet to run {Redis.Primary.Overdue} commands that nobody waits for.";
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
    public override void AfterStep()
    {
        base.AfterStep();
        Redis.AfterStep();
    }

    /// <inheritdoc/>
    public override void Forget(Realm process)
    {
        if (_links.Remove(process, out var link))
        {
            Redis.Links.Remove(link);
        }

        Hints.Forget(process);
        Broker?.Forget(node => node == process);
    }

    /// <inheritdoc/>
    public override async ValueTask<Node> OpenAsync(Machine machine, Realm process, RealmClock clock)
    {
        var node = new Node(
            PartsOf(machine, process, clock), machine.Roles,
            new NodeSettings(
                new ProviderCall(_world.Provider, _world.Realm), _world.Terms.Limits, clock, _world.Terms.Lanes));
        await node.Office.OpenAllAsync(CancellationToken.None);
        return node;
    }

    /// <inheritdoc/>
    protected override async Task SufferTooAsync()
    {
        var redis = Redis.SufferAsync();
        var broker = Broker?.SufferAsync() ?? Task.CompletedTask;
        await Task.WhenAll(redis, broker);
    }

    private SharedParts PartsOf(Machine machine, Realm process, RealmClock clock)
    {
        var terms = _world.Terms.Nodes;
        var draw = Draw.Of(
            _world.Chance, Part.Links + (100 * (ulong)machine.Processes) + (ulong)machine.No);
        var link = new RedisLink(_world.Agenda, _world.Realm, _world.Faults, draw, terms.CallTimeout.Ticks)
        {
            Server = Redis.Primary,
        };
        _links.Add(process, link);
        Redis.Links.Add(link);
        var own = new StoreSession(_world.Store, _world.Disk, process);
        var shared = new SharedSession(_world.Store, _world.Leases, clock, _world.Disk, process)
        {
            FindBad = Bad.Find,
            IsBad = Bad.IsBad,
        };
        return new SharedParts(
            process.Name, new SimulatedGate(link, Redis), _ => new SimulatedLog(link, Redis.Clock), own, own, shared,
            own, shared, shared, shared, shared, shared)
        {
            Letters = shared,
            Ending = shared,
            PatienceWithClosed = terms.PatienceWithClosed,
            Hints = Hints.Of(process),
            OpenTransport = Broker is { } broker
                ? () => new SimulatedTransport(broker, _world.Agenda, _world.Realm, process)
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
