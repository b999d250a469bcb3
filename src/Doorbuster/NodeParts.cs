using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;

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

    /// <summary>Whether this node ends reservations and settles money.</summary>
    public bool Settles { get; init; } = true;

    /// <summary>Where callers wait for what is queued; null where nothing is.</summary>
    public OrderWaits? Waits { get; init; }

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
        var gate = new InMemoryGate(ledger, clock, limits.OrdersPerBuyer, live, instruments, windows);
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
        var (_, limits, clock, _, instruments, _) = settings;
        var catalog = new Catalog();
        var live = new LiveFeed(catalog, limits, clock, instruments);
        var waits = new OrderWaits(shared.Ledger, clock);
        var told = new Notifiers(live, waits);
        var courier = new Courier(shared.Outbox, shared.Gate, catalog, clock);
        var office = new SharedSaleOffice(
            shared.Sales, shared.Index, shared.Gate, catalog, limits, clock, live);
        var isWorker = roles.HasFlag(NodeRoles.Worker);
        var workers = isWorker ? shared.Workers : 0;
        return new NodeParts(
            settings, shared.Ledger, shared.Sales, shared.Orders, catalog, live, shared.Gate, office, told,
            new OutboxAftermath(courier, told))
        {
            BatchesInFlight = shared.BatchesInFlight,
            Settles = isWorker,
            Waits = waits,
            Beside =
            [
                courier.RunAsync, waits.RunAsync,
                .. Enumerable.Range(0, workers).Select(no => Worker(shared, no, catalog, told, clock)),
            ],
        };
    }

    private static Func<CancellationToken, Task> Worker(
        SharedParts shared, int no, Catalog catalog, INotifier told, TimeProvider clock)
    {
        var reader = new LogReader(shared.OpenLog($"worker-{no}"), catalog.Ids, shared.Reading, clock);
        return new LogWorker(reader, new Fulfiller(shared.Fulfilment, clock, told), shared.ClaimsAtOnce).RunAsync;
    }
}
