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
    private readonly Dictionary<SaleId, long> _stoodAt = [];
    private readonly Dictionary<SaleId, long> _behindAt = [];
    private long _skew;
    private long _savedAt;

    public RedisTown(World world)
    {
        _world = world;
        _draw = Draw.Of(world.Seed, Part.Redis);
        Clock = new RealmClock(
            world.Agenda, world.Realm, () => _skew - world.Agenda.Now % world.Terms.Nodes.RedisTick.Ticks);
        var queue = world.Terms.Nodes.MaxQueueAge;
        Book = new AdmissionBook(world);
        Primary = new RedisServer("redis", new InMemorySharedGate(Clock, World.OrdersPerBuyer, queue));
    }

    /// <summary>Redis's own clock.</summary>
    public RealmClock Clock { get; }

    /// <summary>The one that whoever connects now finds.</summary>
    public RedisServer Primary { get; private set; }

    /// <summary>What its gates have admitted, and what of it may be lost.</summary>
    public AdmissionBook Book { get; }

    /// <summary>Nodes' connections; one to an old primary is led to the new one after a while.</summary>
    public List<RedisLink> Links { get; } = [];

    /// <summary>The last step at which a node talked to an old primary.</summary>
    public long SplitAt { get; private set; } = -1;

    /// <summary>
    /// Whether the primary's gate went on selling, at some step since this one, under an epoch that the store had left:
    /// a node that talked to an old primary has rebuilt the sale's gate there.
    /// </summary>
    public bool WasBehind(SaleId sale, long since)
    {
        NoteBehind(sale);
        return _behindAt.TryGetValue(sale, out var at) && at >= since;
    }

    /// <summary>Notes whether it does so now: it is about to be another.</summary>
    public void NoteBehind(SaleId sale)
    {
        var look = AtOnce.Of(Primary.Data.LookAsync(sale, CancellationToken.None));
        if (look.Standing == GateStanding.Open && look.Epoch < _world.Store.Find(sale)?.Epoch)
        {
            _behindAt[sale] = _world.Agenda.Steps;
        }
    }

    /// <summary>Whether it may ever come to have less than it had.</summary>
    public bool MayForget => _world.Terms.Nodes is { RedisForgets: true } or { RedisLosesKeys: true };

    /// <summary>Notes from now on when the sale's gate stands, under the store's epoch.</summary>
    public void Watch(SaleId sale) => _stoodAt.TryAdd(sale, _world.Agenda.Now);

    /// <summary>Notes it no longer.</summary>
    /// <returns>The last time at which it stood, or from which that was noted.</returns>
    public long EndWatch(SaleId sale) => _stoodAt.Remove(sale, out var at) ? at : _world.Agenda.Now;

    /// <summary>Notes after a step whether nodes talk to an old primary, and which watched gates stand.</summary>
    public void AfterStep()
    {
        foreach (var sale in _stoodAt.Keys)
        {
            var look = AtOnce.Of(Primary.Data.LookAsync(sale, CancellationToken.None));
            if (look.Standing == GateStanding.Open && look.Epoch == _world.Store.Find(sale)?.Epoch)
            {
                _stoodAt[sale] = _world.Agenda.Now;
            }
        }

        foreach (var link in Links)
        {
            if (link.Server != Primary)
            {
                SplitAt = _world.Agenda.Steps;
                return;
            }
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
            Lose(() =>
            {
                Primary.Data.Empty();
                if (faults.Next(FaultKind.RedisEmpty, 0, 2) == 0)
                {
                    Primary.Data.Restart();
                }
            });
        }

        if (faults.Strike(FaultKind.RedisOlder) && Primary.Backup is { } backup)
        {
            Tell("comes back as it was a while ago");
            Primary.AwayUntil = Until(FaultKind.RedisOlder, 1, 300);
            Lose(() => Primary.ComeBackWith(backup.Copy()));
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
        Lose(() => Primary.Data.Lose(sale, part));
    }

    /// <summary>A replica takes over, with what it has; some go on talking to the one before for a while.</summary>
    private void Split()
    {
        var old = Primary;
        var isLagging = old.Backup is not null && _world.Faults.Next(FaultKind.RedisSplit, 0, 2) == 0;
        var data = isLagging ? old.Backup!.Copy() : old.Data.Copy();
        Tell($"is followed by a replica{(isLagging ? " that lags behind" : "")}, and goes on");
        Lose(() => Primary = new RedisServer($"redis {Links.Count}", data));
        SplitAt = _world.Agenda.Steps;
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

    /// <summary>Has the primary, or who follows it, have less than it had, and notes what is gone.</summary>
    private void Lose(Action change)
    {
        var before = _world.Store.Sales.Select(row => row.Sale.Id)
            .Select(sale => (Sale: sale, Log: Primary.Data.LogOf(sale), Fence: Primary.Data.FenceOf(sale))).ToArray();
        Array.ForEach(before, one => NoteBehind(one.Sale));
        change();
        foreach (var (sale, log, fence) in before)
        {
            Book.Lose(
                sale, log.Except(Primary.Data.LogOf(sale)), Primary.Data.FenceOf(sale) < fence ? fence : 0);
        }
    }

    private long Until(FaultKind kind, int from, int below) =>
        _world.Agenda.Now + _world.Faults.Next(kind, from, below) * TimeSpan.TicksPerMillisecond;

    private void Tell(string what) => _world.Trace.Add(Primary.Name, what);
}
