using Doorbuster.Claims;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;
using Doorbuster.Reconciliation;

namespace Doorbuster;

/// <summary>What nodes share whose gate is the order store itself.</summary>
/// <param name="Node">A name of this process alone, and of no later life of it.</param>
/// <param name="Gate">The store's side of the gate.</param>
/// <param name="Ledger">Where orders are read.</param>
/// <param name="Sales">The store's side of sales.</param>
/// <param name="Index">What sales the store has.</param>
/// <param name="Orders">The store's side of what becomes of orders.</param>
/// <param name="Draw">Draws a number from 0 up to 1, by the host's chance.</param>
public sealed record StoreGateParts(
    string Node, IGateStore Gate, ILedger Ledger, ISaleStore Sales, ISaleIndex Index, IOrderStore Orders,
    Func<double> Draw)
{
    /// <summary>Carries word of changed orders between nodes; where null, they are found by looking alone.</summary>
    public IHints? Hints { get; init; }

    /// <summary>
    /// Begins to hear which sales have units again, as another node has it; where null, that is found by looking alone.
    /// </summary>
    public Action<Action<SaleId>>? ListenForUnits { get; init; }

    /// <summary>Where the nodes say that they live; null where they do not.</summary>
    public INodeList? Nodes { get; init; }

    /// <summary>Batches of one lane that are in a transaction at once.</summary>
    public int BatchesInFlight { get; init; } = 1;

    /// <summary>How often a batch is tried that others are in the way of.</summary>
    public GatePatience Patience { get; init; } =
        new(Tries: 16, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(100));
}
