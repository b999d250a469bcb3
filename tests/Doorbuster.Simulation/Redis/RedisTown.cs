using Doorbuster.Claims;
using Doorbuster.Conformance;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation.Redis;

/// <summary>
/// The Redis that nodes share, and what becomes of it: it hangs, is away, is started again with all, with less or with
/// nothing, loses single keys, or is followed by a copy of itself while nodes still talk to the old one. Its clock may
/// step back.
/// </summary>
internal sealed class RedisTown
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMilliseconds(400);

    private readonly World _world;
    private readonly Draw _draw;
    private readonly HashSet<SaleId> _lossy = [];
    private long _skew;
    private long _savedAt;

    public RedisTown(World world)
    {
        _world = world;
        _draw = Draw.Of(world.Seed, Part.Redis);
        Clock = new RealmClock(world.Agenda, world.Realm, () => _skew);
        var queue = world.Terms.Nodes.MaxQueueAge;
        Primary = new RedisServer("redis", new InMemorySharedGate(Clock, World.OrdersPerBuyer, queue));
    }

    /// <summary>Redis's own clock.</summary>
    public RealmClock Clock { get; }

    /// <summary>The one that whoever connects now finds.</summary>
    public RedisServer Primary { get; private set; }

    /// <summary>Nodes' connections; one to an old primary is led to the new one after a while.</summary>
    public List<RedisLink> Links { get; } = [];

    /// <summary>Whether an old primary ever went on beside a new one: then one epoch may have had two gates.</summary>
    public bool WasSplit { get; private set; }

    /// <summary>The last step at which a node talked to an old primary.</summary>
    public long SplitAt { get; private set; } = -1;

    /// <summary>Whether it may ever come to have less than it had.</summary>
    public bool MayForget => _world.Terms.Nodes is { RedisForgets: true } or { RedisLosesKeys: true };

    /// <summary>Whether a claim of this sale may have been lost with its log.</summary>
    public bool HasLost(SaleId sale) => _lossy.Contains(sale);

    /// <summary>Notes after a step whether nodes talk to an old primary.</summary>
    public void AfterStep()
    {
        if (WasSplit && Links.Exists(link => link.Server != Primary))
        {
            SplitAt = _world.Agenda.Steps;
        }
    }

    /// <summary>Has Redis suffer now and then, until faults are over.</summary>
    public async Task SufferAsync()
    {
        while (!_world.Faults.IsOver)
        {
            await _world.WaitAsync(_draw.Next(20, 200));
            if (_world.HasItsSales)
            {
                Suffer();
            }
        }

        _skew = 0;
        Links.ForEach(link => link.Server = Primary);
    }

    private void Suffer()
    {
        if (_world.Agenda.Now - _savedAt > SaveEvery.Ticks)
        {
            Primary.Save();
            _savedAt = _world.Agenda.Now;
        }

        var faults = _world.Faults;
        if (faults.Strike(FaultKind.RedisHangs))
        {
            Primary.HangsUntil = Until(FaultKind.RedisHangs, 20, 2_500);
            Tell("hangs");
        }

        if (faults.Strike(FaultKind.RedisClockBack))
        {
            _skew -= faults.Next(FaultKind.RedisClockBack, 1, 2_500) * TimeSpan.TicksPerMillisecond;
            _skew = _skew < -TimeSpan.TicksPerSecond * 5 ? 0 : _skew;
            Tell($"has a clock {TimeSpan.FromTicks(_skew).TotalSeconds:F3} s beside the true time");
        }

        if (faults.Strike(FaultKind.RedisRestarted))
        {
            Tell("is started again, with all that it had");
            Primary.AwayUntil = Until(FaultKind.RedisRestarted, 1, 300);
            Primary.Data.Restart();
        }

        SufferLosses(faults);
    }

    private void SufferLosses(Faults faults)
    {
        var nodes = _world.Terms.Nodes;
        if (nodes.RedisLosesKeys && faults.Strike(FaultKind.RedisEvicted))
        {
            Evict();
        }

        if (!nodes.RedisForgets)
        {
            return;
        }

        if (faults.Strike(FaultKind.RedisEmpty))
        {
            Tell("has nothing any more");
            Primary.AwayUntil = Until(FaultKind.RedisEmpty, 0, 300);
            var (was, fenced) = (Primary.Data.Copy(), Fenced());
            Primary.Data.Empty();
            if (faults.Next(FaultKind.RedisEmpty, 0, 2) == 0)
            {
                Primary.Data.Restart();
            }

            Lose(was, fenced);
        }

        if (faults.Strike(FaultKind.RedisOlder) && Primary.Backup is { } backup)
        {
            Tell("comes back as it was a while ago");
            Primary.AwayUntil = Until(FaultKind.RedisOlder, 1, 300);
            var (was, fenced) = (Primary.Data, Fenced());
            Primary.ComeBackWith(backup.Copy());
            Lose(was, fenced);
        }

        if (faults.Strike(FaultKind.RedisSplit))
        {
            Split();
        }
    }

    private void Evict()
    {
        var sales = _world.Store.Sales.ToArray();
        var sale = sales[_world.Faults.Next(FaultKind.RedisEvicted, 0, sales.Length)].Sale.Id;
        var part = (GatePart)_world.Faults.Next(FaultKind.RedisEvicted, 0, 3);
        Tell($"loses a key of {sale}: the {part}");
        if (part == GatePart.Log ? Primary.Data.LogOf(sale).Count > 0 : part == GatePart.Gate && IsFenced(sale))
        {
            _lossy.Add(sale);
        }

        Primary.Data.Lose(sale, part);
    }

    /// <summary>A replica takes over, with what it has; some go on talking to the one before for a while.</summary>
    private void Split()
    {
        var old = Primary;
        var isLagging = old.Backup is not null && _world.Faults.Next(FaultKind.RedisSplit, 0, 2) == 0;
        var data = isLagging ? old.Backup!.Copy() : old.Data.Copy();
        Tell($"is followed by a replica{(isLagging ? " that lags behind" : "")}, and goes on");
        Primary = new RedisServer($"redis {Links.Count}", data);
        WasSplit = true;
        SplitAt = _world.Agenda.Steps;
        foreach (var row in _world.Store.Sales)
        {
            _lossy.Add(row.Sale.Id);
        }

        foreach (var link in Links)
        {
            if (_world.Faults.Next(FaultKind.RedisSplit, 0, 2) == 0)
            {
                link.Server = Primary;
            }
            else
            {
                _ = LeadAsync(link, _world.Faults.Next(FaultKind.RedisSplit, 20, 3_000));
            }
        }
    }

    private async Task LeadAsync(RedisLink link, int milliseconds)
    {
        await _world.WaitAsync(milliseconds);
        link.Server = Primary;
    }

    private HashSet<SaleId> Fenced() =>
        [.. _world.Store.Sales.Select(row => row.Sale.Id).Where(IsFenced)];

    /// <summary>
    /// With the gate a fence is lost, and then a snapshot that comes late may open what is about to be replaced.
    /// </summary>
    private bool IsFenced(SaleId sale) =>
        AtOnce.Of(Primary.Data.LookAsync(sale, CancellationToken.None)).Standing != GateStanding.Open;

    /// <summary>What was in a log and is not any more may be a claim that is lost.</summary>
    private void Lose(InMemorySharedGate was, HashSet<SaleId> wereFenced)
    {
        foreach (var row in _world.Store.Sales)
        {
            if (wereFenced.Contains(row.Sale.Id) || !was.LogIsWithin(row.Sale.Id, Primary.Data))
            {
                _lossy.Add(row.Sale.Id);
            }
        }
    }

    private long Until(FaultKind kind, int from, int below) =>
        _world.Agenda.Now + _world.Faults.Next(kind, from, below) * TimeSpan.TicksPerMillisecond;

    private void Tell(string what) => _world.Trace.Add(Primary.Name, what);
}
