namespace Doorbuster.Simulation.Law;

/// <summary>
/// What must happen sometimes. Each is counted, and a suite in which one never happened has not tried it, and fails.
/// </summary>
internal enum Branch
{
    /// <summary>A claim became an order.</summary>
    Admitted,

    /// <summary>A claim under the same key found its order.</summary>
    Replayed,

    /// <summary>The same, while nothing was left.</summary>
    ReplayedAfterSoldOut,

    /// <summary>The same, while the sale was paused.</summary>
    ReplayedWhilePaused,

    /// <summary>The same, after the sale was closed.</summary>
    ReplayedAfterClose,

    /// <summary>The same, after another process had taken over.</summary>
    ReplayedAfterRestart,

    /// <summary>The same, after the purchase token had expired.</summary>
    ReplayedWithExpiredToken,

    /// <summary>A claim found an order that had been cancelled.</summary>
    ReplayOfCancelled,

    /// <summary>A claim found an order that had expired.</summary>
    ReplayOfExpired,

    /// <summary>A claim found an order that was paid.</summary>
    ReplayOfPaid,

    /// <summary>A key was used again with another quantity.</summary>
    KeyReused,

    /// <summary>A claim came too early.</summary>
    RefusedNotOpen,

    /// <summary>A claim came while the sale was paused.</summary>
    RefusedPaused,

    /// <summary>A claim came after the sale was closed.</summary>
    RefusedClosed,

    /// <summary>A claim was above its buyer's limit.</summary>
    RefusedLimit,

    /// <summary>A claim was above the limit by orders that were paid.</summary>
    RefusedLimitByPaid,

    /// <summary>Nothing was left.</summary>
    RefusedSoldOut,

    /// <summary>Fewer were left than asked for.</summary>
    RefusedInsufficient,

    /// <summary>The server was too busy.</summary>
    ToldBusy,

    /// <summary>Nobody knew yet whether an order stands.</summary>
    ToldUnknown,

    /// <summary>A purchase token was refused.</summary>
    TokenRefused,

    /// <summary>An order that a buyer never heard of was found by a retry.</summary>
    UnheardOrderFound,

    /// <summary>Nobody answered, and the claim had become an order.</summary>
    AnswerNeverCame,

    /// <summary>A buyer hung up.</summary>
    HungUp,

    /// <summary>A stranger asked for an order, or wanted to cancel it.</summary>
    StrangerRefused,

    /// <summary>An order was cancelled.</summary>
    Cancelled,

    /// <summary>A cancellation came too late.</summary>
    CancelRefused,

    /// <summary>An order expired.</summary>
    Expired,

    /// <summary>An order was paid in time.</summary>
    PaidInTime,

    /// <summary>A payment was opened, and its order expired before the money came.</summary>
    PaymentLostToExpiry,

    /// <summary>Late money got its order's units again.</summary>
    LateMoneyRevived,

    /// <summary>Late money went back, for no unit was left.</summary>
    RefundedNoUnits,

    /// <summary>Late money went back, for its buyer had reached the limit with other orders.</summary>
    RefundedLimit,

    /// <summary>Money for a cancelled order went back.</summary>
    RefundedCancelled,

    /// <summary>A second payment of an order went back.</summary>
    RefundedAlreadyPaid,

    /// <summary>Money of another amount went back.</summary>
    RefundedAmount,

    /// <summary>Money for no order went back.</summary>
    RefundedUnknownOrder,

    /// <summary>A payment failed, and its order was paid by another.</summary>
    PaidAfterFailure,

    /// <summary>Asking for a payment again gave the open one.</summary>
    PaymentFoundOpen,

    /// <summary>An order could not be paid any more.</summary>
    NotPayable,

    /// <summary>The provider could not be asked for a payment.</summary>
    PaymentUnavailable,

    /// <summary>An altered event was refused.</summary>
    AlteredEventRefused,

    /// <summary>A forged event was refused.</summary>
    ForgedEventRefused,

    /// <summary>A genuine event was refused, for a clock was wrong.</summary>
    StaleEventRefused,

    /// <summary>A refund was asked for again after it was done.</summary>
    RefundAskedAgain,

    /// <summary>A sale grew.</summary>
    Replenished,

    /// <summary>A replenishment came again and added nothing.</summary>
    ReplenishRepeated,

    /// <summary>A request id came with another quantity.</summary>
    RequestIdReused,

    /// <summary>A sale was paused.</summary>
    Paused,

    /// <summary>A sale went on.</summary>
    Resumed,

    /// <summary>A sale was closed.</summary>
    Closed,

    /// <summary>A sale was edited.</summary>
    Edited,

    /// <summary>An edit was made from an older revision.</summary>
    EditRefused,

    /// <summary>An operator's call ended unknown.</summary>
    ChangeUnknown,

    /// <summary>An audit in the midst of it all found the law kept.</summary>
    AuditedMeanwhile,

    /// <summary>A process died.</summary>
    Died,

    /// <summary>A process died before it had opened its sales.</summary>
    DiedWhileStarting,

    /// <summary>A process took over.</summary>
    TookOver,

    /// <summary>A process that was held for dead shut a sale, for another had taken it over.</summary>
    ForsakenShut,

    /// <summary>A process shut a sale that something had written into behind its back.</summary>
    StrangeOrderSeen,

    /// <summary>A watcher was told of its order.</summary>
    WatcherToldOrder,

    /// <summary>A watcher was told of its sale.</summary>
    WatcherToldSale,

    /// <summary>A watcher lost its connection and came again.</summary>
    WatcherCameAgain,

    /// <summary>A watcher that did not keep up was dropped.</summary>
    WatcherDropped,

    /// <summary>A claim was told to be queued.</summary>
    ToldQueued,

    /// <summary>What was told to be queued became an order.</summary>
    QueuedBecameOrder,

    /// <summary>What was told to be queued was rejected.</summary>
    QueuedWasRejected,

    /// <summary>Who waited for a claim was told that it is rejected.</summary>
    ToldRejected,

    /// <summary>A claim found an order that was rejected.</summary>
    ReplayOfRejected,

    /// <summary>A claim was lost with its gate.</summary>
    ClaimLost,

    /// <summary>A claim could not be written, and was given up.</summary>
    ClaimGivenUp,

    /// <summary>A claim could not be written, and then was.</summary>
    BadClaimMended,

    /// <summary>Money for a rejected order went back.</summary>
    RefundedRejected,

    /// <summary>Late money went back, for its claim could not be written.</summary>
    RefundedFailed,

    /// <summary>A sale's gate was opened anew.</summary>
    GateRebuilt,

    /// <summary>A closed sale's gate was removed for good.</summary>
    SaleEnded,

    /// <summary>A claim found its order when its sale's gate was gone for good.</summary>
    ReplayedAfterEnd,

    /// <summary>A claim was told that its sale is closed when the gate was gone for good.</summary>
    RefusedAfterEnd,

    /// <summary>Late money got its order's units again when its sale's gate was gone for good.</summary>
    RevivedAfterEnd,

    /// <summary>A process that had stood still went on.</summary>
    NodeWokeUp,

    /// <summary>Watchers of several nodes were told within a second of all that had happened.</summary>
    ToldInTime,

    /// <summary>An audit found the law kept while claims were in flight between gate and store.</summary>
    AuditedInFlight,

    /// <summary>A batch was judged again, for somebody else had been faster at its sale.</summary>
    SomebodyWasFaster,

    /// <summary>The same, so often that its claims are told to come again.</summary>
    SomebodyWasFasterTooOften,

    /// <summary>Another kind of gate worked on the store for a while.</summary>
    GateKindChanged,

    /// <summary>A node ran on that had lost the store to another kind of gate.</summary>
    LostNodeRanOn,

    /// <summary>A gate that is the store knew of an order that a strange program had written.</summary>
    StrangeOrderHeeded,

    /// <summary>Clocks of two nodes were five seconds apart.</summary>
    ClocksFarApart,

    /// <summary>All demand was served at the end.</summary>
    DemandServed,

    /// <summary>Everything was sold at the end.</summary>
    EverythingSold,
}
