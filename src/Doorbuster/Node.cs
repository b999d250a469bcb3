using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Payments;
using Doorbuster.Reconciliation;
using Doorbuster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Doorbuster;

/// <summary>
/// The engine of one process: its stages put together over a store that is open, and its loops run side by side. The
/// server hosts it, and so does the simulation, so that what is tried under every fault is what runs in a shop.
/// </summary>
/// <remarks>
/// It is opened once, by <see cref="ISaleOffice.OpenAllAsync"/> of its <see cref="Office"/>, and run once. Whatever
/// becomes of it, the store has all that another node needs to go on.
/// </remarks>
public sealed class Node
{
    private readonly List<Func<CancellationToken, Task>> _beside;
    private readonly NodeRoles _roles;
    private readonly Lag? _lag;
    private readonly TimeProvider _clock;
    private readonly FigureTaker _figures;

    /// <summary>Puts the stages of one process together, which owns its store and decides in its own memory.</summary>
    /// <param name="ledger">The store's side of claims.</param>
    /// <param name="sales">The store's side of sales.</param>
    /// <param name="orders">The store's side of what becomes of orders.</param>
    /// <param name="provider">Takes the money; null where the shop has none.</param>
    /// <param name="limits">How far everything that grows may grow.</param>
    /// <param name="clock">The time.</param>
    /// <param name="lanes">How many lanes there are: one where the store has a single writer.</param>
    /// <param name="instruments">Measure what goes on; nothing is measured where null.</param>
    /// <param name="loggers">Take the log; nothing is logged where null.</param>
    public Node(
        ILedger ledger, ISaleStore sales, IOrderStore orders, IPaymentProvider? provider, Limits limits,
        TimeProvider clock, int lanes = 1, Instruments? instruments = null,
        ILoggerFactory? loggers = null)
        : this(ledger, sales, orders, new NodeSettings(provider, limits, clock, lanes, instruments, loggers))
    {
    }

    /// <summary>Puts together a node that owns its store.</summary>
    /// <param name="ledger">The store's side of claims.</param>
    /// <param name="sales">The store's side of sales.</param>
    /// <param name="orders">The store's side of what becomes of orders.</param>
    /// <param name="settings">What every node has.</param>
    public Node(ILedger ledger, ISaleStore sales, IOrderStore orders, NodeSettings settings)
        : this(NodeParts.OfOneProcess(ledger, sales, orders, settings))
    {
    }

    /// <summary>Puts together a node that shares store and gate with others.</summary>
    /// <param name="shared">What they share.</param>
    /// <param name="roles">What this one does.</param>
    /// <param name="settings">What every node has.</param>
    public Node(SharedParts shared, NodeRoles roles, NodeSettings settings)
        : this(NodeParts.OverSharedGate(shared, roles, settings))
    {
    }

    /// <summary>Puts together a node that shares its store with others, and the store is the gate.</summary>
    /// <param name="shared">What they share.</param>
    /// <param name="roles">What this one does.</param>
    /// <param name="settings">What every node has.</param>
    public Node(StoreGateParts shared, NodeRoles roles, NodeSettings settings)
        : this(NodeParts.OverStore(shared, roles, settings))
    {
    }

    private Node(NodeParts parts)
    {
        var (provider, limits, clock, lanes, instruments, loggers) = parts.Settings;
        Ledger = parts.Ledger;
        Events = parts.Orders;
        Catalog = parts.Catalog;
        Live = parts.Live;
        Gate = parts.Gate;
        Office = parts.Office;
        Waits = parts.Waits;
        Rebuilder = parts.Rebuilder;
        Finder = new OrderFinder(Ledger, Gate, Catalog, parts.Lost);
        Lanes = new Lanes(
            Gate, limits, lanes, clock, instruments, loggers?.CreateLogger<Lane>(), parts.BatchesInFlight,
            parts.Ended);
        Desk = new ClaimDesk(Lanes, Ledger, clock, instruments, isQueued: Waits is not null, parts.Marks);
        if (Rebuilder is { } rebuilder)
        {
            Desk.GateMissed += rebuilder.Suspect;
            rebuilder.EpochBegan += See;
        }

        if (parts.Unsettled is { } unsettled)
        {
            Desk.Queued += claim => unsettled.Add(claim.Order, claim.Buyer);
            Rebuilder!.EpochBegan += (sale, view) => unsettled.Suspect(sale, view.Epoch);
            Unsettled = unsettled;
        }

        Letters = parts.Letters;
        (_roles, _lag, _clock) = (parts.Roles, parts.Lag, clock);
        Orders = new OrderQueue(
            parts.Orders, parts.Aftermath, limits, clock, instruments, loggers?.CreateLogger<OrderQueue>());
        OrderDesk = new OrderDesk(Orders, provider, clock, limits, Waits is null ? null : Finder.FindAsync);
        Expirer = new Expirer(parts.Orders, Orders, limits, clock);
        Settlement = new Settlement(
            parts.Orders, Ledger, Catalog, Lanes, OrderDesk, provider, parts.Notifier, clock,
            Gate as ISharedGate);
        Auditor = new Auditor(
            parts.Sales, Gate is StoreGate ? null : Gate, clock, parts.Settings.LongestCommit, parts.OnTheWay,
            parts.Ended);
        _figures = new FigureTaker(
            new FigureSources(Catalog, parts.Sales, parts.Orders, Auditor, parts.Settings.LongestCommit)
            {
                Gate = Gate as IRemoteGate,
                Log = parts.Log,
                Letters = parts.Buried,
                Ended = parts.Ended,
            },
            limits, clock);
        Board = new BoardFeed(_figures.LookAsync, limits, clock, instruments);
        if (Gate is InMemoryGate own)
        {
            own.OwnershipLost += sale => SaleLost?.Invoke(sale);
            own.Filled += sale => SaleFilled?.Invoke(sale);
            own.AllFilled += () => AllFilled?.Invoke();
        }

        _beside = [.. Beside(parts)];
    }

    /// <summary>
    /// Raised when a sale was closed here because the store is no longer in the state that this node knows.
    /// </summary>
    public event Action<SaleId>? SaleLost;

    /// <summary>
    /// Raised when a sale has as many orders as this node keeps of one: see <see cref="Limits.OrdersPerSale"/>.
    /// </summary>
    public event Action<SaleId>? SaleFilled;

    /// <summary>
    /// Raised once, when all sales together have as many orders as this node keeps: see
    /// <see cref="Limits.OrdersOfAllSales"/>.
    /// </summary>
    public event Action? AllFilled;

    /// <summary>Every sale.</summary>
    public Catalog Catalog { get; }

    /// <summary>Where watchers are told what happens.</summary>
    public LiveFeed Live { get; }

    /// <summary>Where orders are read.</summary>
    public ILedger Ledger { get; }

    /// <summary>Where a sale's transitions are read.</summary>
    public IOrderStore Events { get; }

    /// <summary>Where operators are told the figures.</summary>
    public BoardFeed Board { get; }

    /// <summary>Where claims are decided.</summary>
    public IGate Gate { get; }

    /// <summary>Where claims wait.</summary>
    public Lanes Lanes { get; }

    /// <summary>Where claims come in.</summary>
    public ClaimDesk Desk { get; }

    /// <summary>Where sales are created and changed.</summary>
    public ISaleOffice Office { get; }

    /// <summary>Where orders are found.</summary>
    public OrderFinder Finder { get; }

    /// <summary>
    /// Where callers wait until the store has what the gate has admitted; null where it has that at once.
    /// </summary>
    public OrderWaits? Waits { get; }

    /// <summary>Where what becomes of orders waits to be written.</summary>
    public OrderQueue Orders { get; }

    /// <summary>Where buyers and providers come in with what they want of an order.</summary>
    public OrderDesk OrderDesk { get; }

    /// <summary>Ends reservations whose window is over.</summary>
    public Expirer Expirer { get; }

    /// <summary>Settles late money and refunds.</summary>
    public Settlement Settlement { get; }

    /// <summary>Compares gate and store.</summary>
    public Auditor Auditor { get; }

    /// <summary>Watches over the gates that nodes share; null where this process has its own.</summary>
    public Rebuilder? Rebuilder { get; }

    /// <summary>The claims that this node has queued and not heard of since; null where none are queued.</summary>
    public UnsettledClaims? Unsettled { get; }

    /// <summary>Sees to claims that could not be written; null where there are none.</summary>
    public DeadLetterDesk? Letters { get; }

    /// <summary>Has this node say that it lives, for as long as it runs; call it before that.</summary>
    /// <param name="list">Where it is said.</param>
    /// <param name="id">A name of this process alone, and of no later life of it.</param>
    /// <param name="name">A name for people.</param>
    /// <param name="notReady">Says in words what is not as it should be.</param>
    public void Announce(INodeList list, string id, string name, Func<IReadOnlyList<string>> notReady)
    {
        var startedAt = _clock.GetUtcNow();
        _figures.Show(list, id);
        _beside.Add(new NodeBeats(
            list,
            () => new NodeBeat(id, name, _roles, startedAt, notReady(), _lag?.Now) { Claims = _figures.Tallies() },
            _clock).RunAsync);
    }

    /// <summary>Takes nothing more; what waits is decided and written.</summary>
    public void Complete()
    {
        Lanes.Complete();
        Orders.Complete();
    }

    /// <summary>
    /// Answers everyone who still waits, for the time to wait is over: a store that hangs may hang for ever. Nobody is
    /// told that something was not done which may have been.
    /// </summary>
    public void GiveUp()
    {
        Lanes.GiveUp();
        Orders.GiveUp();
    }

    /// <summary>
    /// Runs the loops: lanes and the queue of orders until they are completed and empty, and for as long expiry,
    /// settlement, the live feed, the sale office and whatever else the node's roles ask for. One that stops by a fault
    /// stops the others, so that the fault comes out.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beside = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var background = Task.WhenAll(
            _beside.ConvertAll(loop => RunBesideAsync(loop(beside.Token), beside.Token)));
        try
        {
            await Task.WhenAll(
                RunMainAsync(Lanes.RunAsync(cancellationToken)), RunMainAsync(Orders.RunAsync(cancellationToken)));
        }
        finally
        {
            beside.Cancel();
            await background;
        }
    }

    private IEnumerable<Func<CancellationToken, Task>> Beside(NodeParts parts)
    {
        if (parts.Settles)
        {
            yield return Expirer.RunAsync;
            yield return Settlement.RunAsync;
        }

        yield return Live.RunAsync;
        yield return Board.RunAsync;
        yield return Office.RunAsync;
        foreach (var loop in parts.Beside)
        {
            yield return loop;
        }

        if (parts.Settings is { Instruments: { } instruments, Limits: var limits, Clock: var clock })
        {
            var stockTaker = new StockTaker(
                parts.Sales, Catalog, limits, clock, parts.Settings.LongestCommit, instruments,
                hearsGates: parts.Roles.HasFlag(NodeRoles.Api));
            instruments.Observe(Lanes, Orders, Live, stockTaker);
            yield return stockTaker.RunAsync;
        }
    }

    private void See(SaleId sale, StockView view)
    {
        if (Catalog.TryFind(sale.ToString(), out var listing))
        {
            listing.Mark.See(view);
        }
    }

    private async Task RunMainAsync(Task loop)
    {
        try
        {
            await loop;
        }
        finally
        {
            Complete();
        }
    }

    /// <summary>A loop that has no end of its own; being told to stop is how it should end.</summary>
    private async Task RunBesideAsync(Task loop, CancellationToken stop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As it should be.
        }
        finally
        {
            Complete();
        }
    }
}
