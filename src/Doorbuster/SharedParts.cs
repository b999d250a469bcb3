using Doorbuster.Claims;
using Doorbuster.Dispatch;
using Doorbuster.Fulfilment;
using Doorbuster.Notification;
using Doorbuster.Orders;

namespace Doorbuster;

/// <summary>What nodes share: a gate of its own with a claim log, and the order store behind it.</summary>
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
public sealed record SharedParts(
    ISharedGate Gate, Func<string, IClaimLog> OpenLog, ILedger Ledger, ISaleStore Sales, ISaleIndex Index,
    IOrderStore Orders, IFulfilmentLedger Fulfilment, IOutbox Outbox)
{
    /// <summary>Batches of one lane that are at the gate at once.</summary>
    public int BatchesInFlight { get; init; } = 4;

    /// <summary>Workers of one node, each with a transaction of its own.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Claims that a worker commits in one transaction.</summary>
    public int ClaimsAtOnce { get; init; } = 2_048;

    /// <summary>How workers read the log.</summary>
    public LogReaderOptions Reading { get; init; } = new();
}
