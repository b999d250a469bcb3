using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Shared;

/// <summary>
/// Nodes that share a store and a gate, all in memory and on one thread, in an order drawn from a seed; each story is
/// told in many of them.
/// </summary>
internal sealed class SharedWorld
{
    public static readonly TimeSpan PaymentWindow = TimeSpan.FromSeconds(20);

    private const int Seeds = 10;

    private readonly List<(Node Node, Task Running, CancellationTokenSource Stop)> _nodes = [];
    private int _started;

    private SharedWorld()
    {
        Store = new InMemoryStore { IsShared = true, Clock = Clock };
        Leases = new InMemoryLease(Clock);
        Gate = new InMemorySharedGate(Clock, ordersPerBuyer: 64, maxQueueAge: TimeSpan.FromSeconds(30));
    }

    public VirtualTimeProvider Clock { get; } = new(Samples.Noon);

    public InMemoryStore Store { get; }

    public InMemorySharedGate Gate { get; }

    public InMemoryLease Leases { get; }

    public InMemoryHints.Exchange Hints { get; } = new();

    /// <summary>Tells a story in every world.</summary>
    public static void Tell(Func<SharedWorld, Task> story)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = new SharedWorld();
            var scheduler = new SeededScheduler(seed, world.Clock);
            var fault = Record.Exception(() => scheduler.Run(() => world.LiveAsync(story)));
            Assert.True(fault is null, $"Seed {seed}: {fault}");
        }
    }

    /// <summary>Starts a node.</summary>
    public async Task<Node> StartAsync(NodeRoles roles = NodeRoles.Both)
    {
        var parts = new SharedParts(
            $"node-{_started++}", Gate, _ => new InMemoryClaimLog(Gate, Clock), Store, Store, Store, Store, Store,
            Store, Store, Leases, Store)
        {
            Hints = new InMemoryHints(Hints),
            Letters = Store,
            Ending = Store,
        };
        var node = new Node(parts, roles, new NodeSettings(Provider: null, new Limits(), Clock, Lanes: 2));
        await node.Office.OpenAllAsync(CancellationToken.None);
        var stop = new CancellationTokenSource();
        _nodes.Add((node, node.RunAsync(stop.Token), stop));
        return node;
    }

    /// <summary>A node dies: nothing of it runs any more.</summary>
    public async Task KillAsync(Node node)
    {
        var (_, running, stop) = _nodes.Single(one => one.Node == node);
        stop.Cancel();
        Assert.IsAssignableFrom<OperationCanceledException>(await FaultAsync(() => running));
        _nodes.RemoveAll(one => one.Node == node);
    }

    /// <summary>By what something ends; the test framework's own way would leave the thread.</summary>
    public static async Task<Exception?> FaultAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
    }

    /// <summary>Creates a sale at a node.</summary>
    public static async Task<Sale> CreateAsync(Node node, int quantity = 10, int limit = 1, string id = "drop")
    {
        var sale = Samples.Sale(id, quantity, limit) with { PaymentWindow = PaymentWindow };
        Assert.Equal(SaleCreation.Created, await node.Office.CreateAsync(sale, CancellationToken.None));
        return sale;
    }

    /// <summary>Whoever created a sale comes to open its gate, with what it was then, only now.</summary>
    public async Task<StockView?> OpenLateAsync(Sale sale) => await Gate.OpenAsync(
        new GateSnapshot(sale, 1, new Stock(sale.Quantity, sale.Quantity, 0, 0, 0), 0, new Holdings()),
        CancellationToken.None);

    /// <summary>Claims at a node; the sale may have come from another one.</summary>
    public static async Task<ClaimAnswer> ClaimAsync(
        Node node, Sale sale, string buyer, string key = "k", int units = 1)
    {
        var listing = await node.Office.FindAsync(sale.Id.ToString(), CancellationToken.None);
        Assert.NotNull(listing);
        return await node.Desk.ClaimAsync(listing, BuyerId.Parse(buyer), key, units, CancellationToken.None);
    }

    /// <summary>An order as its buyer is shown it at a node.</summary>
    public static async Task<Order?> ReadAsync(Node node, Order order) =>
        await node.Finder.FindAsync(order.Id, order.Buyer, CancellationToken.None);

    /// <summary>Lets time pass until something is so, for a minute at most.</summary>
    public async Task UntilAsync(string what, Func<ValueTask<bool>> isSo)
    {
        for (var i = 0; i < 6_000; i++)
        {
            if (await isSo())
            {
                return;
            }

            await PassAsync(10);
        }

        Assert.Fail($"It never came so far that {what}.");
    }

    /// <summary>Waits until an order is in a state.</summary>
    public Task UntilAsync(Node node, Order order, OrderStatus status) => UntilAsync(
        $"the order was {status}", async () => (await ReadAsync(node, order))?.Status == status);

    /// <summary>Lets so many milliseconds pass.</summary>
    public Task PassAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Clock);

    /// <summary>At rest gate and store have the same left, and the gate is owed nothing.</summary>
    public async Task AuditAsync(Sale sale, int available)
    {
        await UntilAsync("nothing was under way", async () =>
            Gate.LogOf(sale.Id).Count == 0 && (await Store.ReadAsync(0, 1, CancellationToken.None)).Count == 0);
        var look = await Gate.LookAsync(sale.Id, CancellationToken.None);
        Assert.Equal(available, look.View?.Available);
        Assert.Equal(available, Store.Contents(sale.Id).Stock.Available);
        Assert.True(Store.Contents(sale.Id).Stock.LawHolds);
    }

    private async Task LiveAsync(Func<SharedWorld, Task> story)
    {
        await story(this);
        foreach (var (node, running, stop) in _nodes)
        {
            node.Complete();
            await running;
            stop.Dispose();
        }
    }
}
