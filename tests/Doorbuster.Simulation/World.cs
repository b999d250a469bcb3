using System.Security.Cryptography;
using System.Text;
using Doorbuster.Conformance;
using Doorbuster.Payments;
using Doorbuster.Simulation.Http;
using Doorbuster.Simulation.Law;
using Doorbuster.Simulation.Nodes;
using Doorbuster.Simulation.People;
using Doorbuster.Simulation.Scheduling;
using Doorbuster.Simulation.Storage;
using Doorbuster.Simulation.Till;
using Doorbuster.Simulation.Weather;

namespace Doorbuster.Simulation;

/// <summary>
/// One seed's world: production nodes, one after another, on a machine that fails; buyers, operators, watchers and a
/// payment provider that behave badly; and an auditor who judges all of it. First faults strike, then they stop, and
/// all must come to rest.
/// </summary>
internal sealed class World
{
    /// <summary>Orders that are kept of one buyer in one sale.</summary>
    public const int OrdersPerBuyer = 12;

    /// <summary>More continuations than any world needs: one that runs on without end is broken.</summary>
    private const long MostSteps = 2_000_000;

    public static readonly byte[] TokenKey = Key("tokens");
    public static readonly WebhookKeys ProvidersKeys = new([Key("provider")]);
    public static readonly WebhookKeys ForgersKeys = new([Key("forger")]);

    private readonly Buyer[] _buyers;
    private readonly Operator[] _operators;
    private readonly Watcher[] _watchers;

    private World(ulong seed, WorldKind kind, Mask mask, bool isTraced)
    {
        Seed = seed;
        Mask = mask;
        Chance = seed + ((ulong)mask.Order << 32);
        var chance = Chance;
        Agenda = new Agenda(Draw.Of(chance, Part.Agenda));
        Realm = new Realm(Agenda, "world");
        Clock = new RealmClock(Agenda, Realm, static () => 0);
        Trace = new Trace(Agenda, isTraced);
        Terms = WorldTerms.Draw(seed, kind);
        Faults = new Faults(seed, mask);
        Store = new DurableStore { IsShared = kind == WorldKind.Nodes };
        Leases = new InMemoryLease(Clock);
        Auditor = new Auditor(Store, Agenda, Trace);
        Site = kind switch
        {
            WorldKind.Nodes => new Cluster(this),
            WorldKind.Database => new StoreSite(this),
            _ => null,
        };
        Auditor.Site = Site;
        Server = Site ?? (IPremises)new Server(this);
        Disk = new Disk(Agenda, Realm, Faults, Draw.Of(chance, Part.Disk), Trace)
        {
            Kill = Server.Die,
            Written = Auditor.Look,
            MayBeAway = kind == WorldKind.Database,
        };
        Network = new Network(Agenda, Realm, Faults, Draw.Of(chance, Part.Network));
        Provider = new Provider(this);
        Auditor.Money.Provider = Provider;
        _operators = [.. Enumerable.Range(0, Terms.Sales.Count).Where(no => !mask.Sales.Contains(no))
            .Select(no => new Operator(this, no))];
        _buyers = [.. Enumerable.Range(0, Terms.Buyers).Where(no => !mask.Buyers.Contains(no))
            .Select(no => new Buyer(this, no))];
        _watchers = [.. Enumerable.Range(0, Terms.Watchers).Where(no => !mask.Watchers.Contains(no))
            .Select(no => new Watcher(this, no)).Where(one => HasSale(one.Sale))];
    }

    public ulong Seed { get; }

    public Mask Mask { get; }

    /// <summary>What the order of things, and how long they take, is drawn from.</summary>
    public ulong Chance { get; }

    public Agenda Agenda { get; }

    /// <summary>Where everyone but the nodes lives.</summary>
    public Realm Realm { get; }

    /// <summary>The true time.</summary>
    public RealmClock Clock { get; }

    public Trace Trace { get; }

    public WorldTerms Terms { get; }

    public Faults Faults { get; }

    public DurableStore Store { get; }

    public Disk Disk { get; }

    public IPremises Server { get; }

    /// <summary>The nodes that share the store; null where one process owns it.</summary>
    public Site? Site { get; }

    /// <summary>The same where they share a gate in Redis; null where they do not.</summary>
    public Cluster? Cluster => Site as Cluster;

    /// <summary>Turns of nodes, by the store's clock.</summary>
    public InMemoryLease Leases { get; }

    public Network Network { get; }

    public Provider Provider { get; }

    public Auditor Auditor { get; }

    /// <summary>Whether every sale is there that this world has.</summary>
    public bool HasItsSales { get; private set; }

    /// <summary>Claims that were sent.</summary>
    public int Claims { get; set; }

    /// <summary>The kind of world that a seed draws, where none is asked for.</summary>
    public static WorldKind KindOf(ulong seed) =>
        Draw.Of(seed, Part.Kind).Next(100) switch
        {
            < 30 => WorldKind.Nodes,
            < 50 => WorldKind.Database,
            _ => WorldKind.Embedded,
        };

    /// <summary>Runs one seed's world to its end, or to the first law that is broken.</summary>
    public static RunResult Run(ulong seed, WorldKind kind, bool isTraced = false) =>
        Run(seed, kind, Mask.None, isTraced);

    /// <summary>The same, with something left out.</summary>
    public static RunResult Run(ulong seed, WorldKind kind, Mask mask, bool isTraced)
    {
        var world = new World(seed, kind, mask, isTraced);
        try
        {
            world.Run();
        }
        catch (LawBrokenException broken)
        {
            world.Auditor.Break(broken.Law, broken.What);
        }
        catch (Exception fault)
        {
            world.Auditor.Break("the world itself runs", $"{fault}");
        }

        return new RunResult(
            seed, kind, world.Auditor.Broken, world.Claims, world.Agenda.Steps, world.Server.Processes,
            world.Faults.Struck, world.Faults.Drawn, world.Auditor.Reached, world.Trace.Lines);
    }

    /// <summary>Whether nobody has left the sale out.</summary>
    public bool HasSale(SaleId sale)
    {
        foreach (var no in Mask.Sales)
        {
            if (Terms.Sales[no].Id == sale)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Waits in the world's realm.</summary>
    public Wait WaitAsync(int milliseconds) => Agenda.WaitAsync(Realm, milliseconds * TimeSpan.TicksPerMillisecond);

    private void Run()
    {
        var living = Task.CompletedTask;
        Realm.Post(_ => living = LiveAsync(), null);
        Agenda.Run(() =>
        {
            Auditor.Look();
            Server.AfterStep();
            if (Agenda.Steps > MostSteps)
            {
                Auditor.Break("all must come to rest", $"It runs on after {MostSteps} steps.");
            }

            return Auditor.Broken is not null || (Agenda.Steps > 1 && living.IsCompleted);
        });
        if (living.IsFaulted)
        {
            living.GetAwaiter().GetResult();
        }
    }

    private async Task LiveAsync()
    {
        Server.Start();
        var suffering = Server.SufferAsync();
        await Task.WhenAll(_operators.Select(one => one.CreateAsync()));
        HasItsSales = true;
        var watching = _watchers.Select(one => one.WatchAsync()).ToArray();
        await Task.WhenAll(
            [.. _buyers.Select(one => one.LiveAsync()), .. _operators.Select(one => one.LiveAsync())]);
        Trace.Add("world", "faults are over: all must come to rest");
        Faults.IsOver = true;
        await suffering;
        await Task.WhenAll(_operators.Select(one => one.FinishAsync()));
        await new Rest(this).ComeAsync();
        await Task.WhenAll(_operators.Select(one => one.CheckAsync()));
        await Task.WhenAll(_buyers.Select(one => one.FinishAsync()));
        await Task.WhenAll(_watchers.Select(one => one.FinishAsync()));
        Auditor.Story.CheckSettled();
        await Task.WhenAll(_operators.Select(one => new Demand(this, one.No).SellOutAsync(_buyers)));
        await Task.WhenAll(_operators.Select(one => one.CheckAsync()));
        await new Rest(this).CheckWatchersAsync(_watchers);
        await Task.WhenAll(_watchers.Select(one => one.LeaveAsync()));
        await Task.WhenAll(watching);
    }

    private static byte[] Key(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));
}

/// <summary>How a world ended.</summary>
internal sealed record RunResult(
    ulong Seed, WorldKind Kind, LawBrokenException? Broken, int Claims, long Steps, int Processes, int[] Faults,
    int[] FaultsDrawn, int[] Branches,
    IReadOnlyList<string> Trace);
