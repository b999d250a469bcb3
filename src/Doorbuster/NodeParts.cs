using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;
using Microsoft.Extensions.Logging;

namespace Doorbuster;

/// <summary>
/// The parts of a node that are not the same in every topology; a way to put them together for each.
/// </summary>
internal sealed record NodeParts(
    NodeSettings Settings, ILedger Ledger, ISaleStore Sales, IOrderStore Orders, Catalog Catalog, LiveFeed Live,
    IGate Gate, ISaleOffice Office, INotifier Notifier, IAftermath Aftermath)
{
    /// <summary>Batches of one lane that are at the gate at once.</summary>
    public int BatchesInFlight { get; init; } = 1;

    /// <summary>What this node does.</summary>
    public NodeRoles Roles { get; init; } = NodeRoles.Both;

    /// <summary>How far it is behind as a worker; null where gate and store commit together, or it is none.</summary>
    public Lag? Lag { get; init; }

    /// <summary>Whether this node ends reservations and settles money.</summary>
    public bool Settles => Roles.HasFlag(NodeRoles.Worker);

    /// <summary>Where callers wait for what is queued; null where nothing is.</summary>
    public OrderWaits? Waits { get; init; }

    /// <summary>Watches over the gates; null where nobody has to.</summary>
    public Rebuilder? Rebuilder { get; init; }

    /// <summary>The claims that this node has queued; null where none are.</summary>
    public UnsettledClaims? Unsettled { get; init; }

    /// <summary>Sees to claims that could not be written; null where there are none.</summary>
    public DeadLetterDesk? Letters { get; init; }

    /// <summary>What is on its way between gate and store; null where they commit together.</summary>
    public LogAndOutbox? OnTheWay { get; init; }

    /// <summary>The claim log, for who looks how full it is; null where there is none.</summary>
    public IClaimLog? Log { get; init; }

    /// <summary>Claims that could not be written; null where there are none.</summary>
    public IDeadLetters? Buried { get; init; }

    /// <summary>Finds out about claims that were lost with their gate; null where none can be.</summary>
    public LostClaims? Lost { get; init; }

    /// <summary>What sold-out marks need of a shared gate; null where this node has its own.</summary>
    public SharedMarks? Marks { get; init; }

    /// <summary>The sales that are over; null where this node has a gate of its own.</summary>
    public EndedSales? Ended { get; init; }

    /// <summary>Further loops.</summary>
    public IReadOnlyList<Func<CancellationToken, Task>> Beside { get; init; } = [];

    /// <summary>One process, which owns its store: what its memory decides, the store commits at once.</summary>
    public static NodeParts OfOneProcess(
        ILedger ledger, ISaleStore sales, IOrderStore orders, NodeSettings settings)
    {
        var (_, limits, clock, _, instruments, _) = settings;
        var catalog = new Catalog();
        var live = new LiveFeed(catalog, limits, clock, instruments);
        var windows = new SteadyClock(clock);
        var gate = new InMemoryGate(
            ledger, clock, limits.OrdersPerBuyer, live, instruments, windows, limits.OrdersPerSale,
            limits.OrdersOfAllSales);
        var office = new SaleOffice(sales, gate, catalog, limits, clock, live, windows);
        return new NodeParts(
            settings, ledger, sales, orders, catalog, live, gate, office, live, new Aftermath(gate, catalog, live));
    }

    /// <summary>
    /// One node of several, which nobody tells apart: a shared gate admits, workers make orders of what it has logged,
    /// and what the store has to tell the gate comes by the outbox.
    /// </summary>
    public static NodeParts OverSharedGate(SharedParts shared, NodeRoles roles, NodeSettings settings)
    {
        var (_, limits, clock, _, instruments, loggers) = settings;
        var catalog = new Catalog();
        var live = new LiveFeed(catalog, limits, clock, instruments, hasFarOrders: true);
        var waits = new OrderWaits(shared.Ledger, clock);
        var far = shared.Hints is { } hints
            ? new FarOrders(hints, shared.Ledger, live, waits, limits.OrderHints)
            : null;
        INotifier[] others = far is null ? [] : [far];
        var ended = new EndedSales();
        ISharedGate gate = shared.Ending is { } ending
            ? new GateOrStore(shared.Gate, ended, ending, shared.Ledger, shared.Fulfilment, clock)
            : shared.Gate;
        var lost = new LostClaims(gate, shared.Lost, new Notifiers([live, waits, .. others]));
        var unsettled = new UnsettledClaims(shared.Ledger, lost, limits.QueuedClaims, clock);
        var told = new Notifiers([live, waits, unsettled, .. others]);
        if (far is not null)
        {
            far.Heard += unsettled.Forget;
        }

        ended.Ended += sale => unsettled.Suspect(sale, epoch: 0);
        var courier = new Courier(shared.Outbox, gate, catalog, clock, ended);
        var office = new SharedSaleOffice(
            shared.Sales, shared.Index, gate, catalog, limits, clock, live, ended,
            showsStock: roles.HasFlag(NodeRoles.Api));
        var isWorker = roles.HasFlag(NodeRoles.Worker);
        var lag = isWorker ? new Lag(clock) : null;
        var fulfiller = new Fulfiller(shared.Fulfilment, clock, told, lag);
        var rebuilder = new Rebuilder(
            shared.Gate, shared.OpenLog("rebuilder"), shared.Epochs, shared.Leases, fulfiller, shared.Rebuilding,
            shared.Node, clock, loggers?.CreateLogger<Rebuilder>());
        var letters = shared.Letters is { } buried
            ? new DeadLetterDesk(buried, shared.Patience, clock, told, loggers?.CreateLogger<DeadLetterDesk>())
            : null;
        if (letters is not null)
        {
            fulfiller.Buried += letters.Note;
        }

        var marks = new SharedMarks(gate, clock);
        return new NodeParts(
            settings, shared.Ledger, shared.Sales, shared.Orders, catalog, live, gate, office, told,
            new OutboxAftermath(courier, told))
        {
            BatchesInFlight = shared.BatchesInFlight,
            Roles = roles,
            Lag = lag,
            Waits = waits,
            Rebuilder = rebuilder,
            Lost = lost,
            Unsettled = unsettled,
            Letters = letters,
            Buried = shared.Letters,
            Log = shared.OpenLog("board"),
            Marks = marks,
            Ended = ended,
            OnTheWay = shared.Letters is { } some
                ? new LogAndOutbox(shared.OpenLog("auditor"), some, shared.Outbox)
                : null,
            Beside =
            [
                courier.RunAsync, waits.RunAsync, rebuilder.RunAsync, unsettled.RunAsync, marks.RunAsync,
                new OrderLooks(live, gate, shared.Ledger, clock).RunAsync,
                .. far is null ? Array.Empty<Func<CancellationToken, Task>>() : [far.RunAsync],
                .. isWorker && letters is not null ? [letters.RunAsync] : Array.Empty<Func<CancellationToken, Task>>(),
                .. isWorker ? Enders(shared, catalog, ended, settings) : [],
                .. lag is not null ? Workers(shared, () => StandingOf(catalog, ended), fulfiller, lag, clock) : [],
            ],
        };
    }

    /// <summary>
    /// One node of several whose gate is the store: what it decides is committed by the same transaction, and whatever
    /// another node has done is found there.
    /// </summary>
    public static NodeParts OverStore(StoreGateParts shared, NodeRoles roles, NodeSettings settings)
    {
        var (_, limits, clock, _, instruments, _) = settings;
        var catalog = new Catalog();
        var live = new LiveFeed(catalog, limits, clock, instruments, hasFarOrders: true);
        var far = shared.Hints is { } hints
            ? new FarOrders(hints, shared.Ledger, live, waits: null, limits.OrderHints)
            : null;
        var told = new Notifiers([live, .. far is null ? Array.Empty<INotifier>() : [far]]);
        var gate = new StoreGate(
            shared.Gate, clock, limits.OrdersPerBuyer, shared.Patience, shared.Draw, told, instruments);
        var marks = new SharedMarks(gate, clock);
        return new NodeParts(
            settings, shared.Ledger, shared.Sales, shared.Orders, catalog, live, gate,
            new SharedSaleOffice(shared.Sales, shared.Index, gate, catalog, limits, clock, live), told,
            new Aftermath(gate, catalog, told))
        {
            BatchesInFlight = shared.BatchesInFlight,
            Roles = roles,
            Marks = marks,
            Beside =
            [
                marks.RunAsync, new OrderLooks(live, gate, shared.Ledger, clock).RunAsync,
                .. shared.ListenForUnits is { } listen
                    ? [new Reopenings(listen, gate, catalog).RunAsync]
                    : Array.Empty<Func<CancellationToken, Task>>(),
                .. far is null ? Array.Empty<Func<CancellationToken, Task>>() : [far.RunAsync],
            ],
        };
    }

    /// <summary>A worker removes the gates of sales that are over, where the store can answer for them.</summary>
    private static IEnumerable<Func<CancellationToken, Task>> Enders(
        SharedParts shared, Catalog catalog, EndedSales ended, NodeSettings settings) =>
        shared.Ending is { } ending
            ?
            [
                new SaleEnder(
                    shared.Gate, ending, shared.Leases, catalog, ended, shared.PatienceWithClosed,
                    shared.Node, settings.Clock, settings.Loggers?.CreateLogger<SaleEnder>()).RunAsync,
            ]
            : [];

    /// <summary>The sales that have a log.</summary>
    private static IReadOnlyCollection<SaleId> StandingOf(Catalog catalog, EndedSales ended) =>
        ended.IsEmpty ? catalog.Ids() : [.. catalog.Ids().Where(sale => !ended.Has(sale))];

    /// <summary>A worker reads the log, or takes from a transport what a forwarder brings there.</summary>
    private static IEnumerable<Func<CancellationToken, Task>> Workers(
        SharedParts shared, Func<IReadOnlyCollection<SaleId>> sales, Fulfiller fulfiller, Lag lag, TimeProvider clock)
    {
        for (var no = 0; no < shared.Workers; no++)
        {
            var log = shared.OpenLog($"worker-{no}");
            if (shared.OpenTransport?.Invoke() is not { } transport)
            {
                var reader = new LogReader(log, sales, shared.Reading, clock);
                yield return new LogWorker(reader, fulfiller, shared.ClaimsAtOnce).RunAsync;
                continue;
            }

            if (no == 0)
            {
                var reader = new LogReader(shared.OpenLog("forwarder"), sales, shared.Reading, clock);
                yield return new Forwarder(reader, transport, clock, lag).RunAsync;
            }

            yield return new TransportWorker(
                transport, log, fulfiller, clock, claimsAtOnce: shared.ClaimsAtOnce).RunAsync;
        }
    }
}
