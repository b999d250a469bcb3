using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;

namespace Doorbuster;

/// <summary>What nodes share: a gate of its own with a claim log, and the order store behind it.</summary>
/// <param name="Node">A name of this process alone, and of no later life of it.</param>
/// <param name="Gate">Decides claims, and logs what it admits.</param>
/// <param name="OpenLog">
/// Opens the claim log for one reader, whose name within this node is given; names of two nodes never meet.
/// </param>
/// <param name="Ledger">Where orders are read.</param>
/// <param name="Sales">The store's side of sales.</param>
/// <param name="Index">What sales the store has.</param>
/// <param name="Orders">The store's side of what becomes of orders.</param>
/// <param name="Fulfilment">The store's side of the claim log.</param>
/// <param name="Outbox">What the store has to tell gates.</param>
/// <param name="Epochs">The store's side of gates that are rebuilt.</param>
/// <param name="Leases">Turns that nodes take at that.</param>
/// <param name="Lost">The store's side of claims that were lost with their gate.</param>
public sealed record SharedParts(
    string Node, ISharedGate Gate, Func<string, IClaimLog> OpenLog, ILedger Ledger, ISaleStore Sales, ISaleIndex Index,
    IOrderStore Orders, IFulfilmentLedger Fulfilment, IOutbox Outbox, IEpochs Epochs, ILease Leases, ILostClaims Lost)
{
    /// <summary>
    /// Opens a transport between log and workers, for one loop that sends and one that receives; null where workers
    /// read the log themselves.
    /// </summary>
    public Func<IClaimTransport>? OpenTransport { get; init; }

    /// <summary>Carries word of changed orders between nodes; where null, they are found by looking alone.</summary>
    public IHints? Hints { get; init; }

    /// <summary>The store's side of claims that could not be written; null where nobody here sees to them.</summary>
    public IDeadLetters? Letters { get; init; }

    /// <summary>
    /// The store's side of sales that are over; where null, gates stay however long their sale is closed.
    /// </summary>
    public ISaleEnding? Ending { get; init; }

    /// <summary>How long a sale is known to be closed before its gate goes.</summary>
    public TimeSpan PatienceWithClosed { get; init; } = SaleEnder.UsualPatience;

    /// <summary>Where the nodes say that they live; null where they do not.</summary>
    public INodeList? Nodes { get; init; }

    /// <summary>How long such a claim waits before it is given up.</summary>
    public TimeSpan Patience { get; init; } = DeadLetterDesk.UsualPatience;

    /// <summary>How gates are watched over.</summary>
    public RebuilderOptions Rebuilding { get; init; } = new();

    /// <summary>Batches of one lane that are at the gate at once.</summary>
    public int BatchesInFlight { get; init; } = 4;

    /// <summary>Workers of one node, each with a transaction of its own.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Claims that a worker commits in one transaction.</summary>
    public int ClaimsAtOnce { get; init; } = 2_048;

    /// <summary>How workers read the log.</summary>
    public LogReaderOptions Reading { get; init; } = new();
}
