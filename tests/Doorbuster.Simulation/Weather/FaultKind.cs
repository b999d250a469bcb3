namespace Doorbuster.Simulation.Weather;

/// <summary>What goes wrong in a world; each run draws which of these it has, and how often.</summary>
internal enum FaultKind
{
    /// <summary>A transaction is not written, and whoever asked is told so.</summary>
    CommitAborted,

    /// <summary>A transaction is written, and nobody is told.</summary>
    CommitUnknownAndDone,

    /// <summary>A transaction is lost, and nobody is told.</summary>
    CommitUnknownAndLost,

    /// <summary>A transaction of unknown outcome ends, either way, only when the next one needs it to.</summary>
    CommitUnknownAndLate,

    /// <summary>The disk is full for a while: nothing can be written.</summary>
    DiskFull,

    /// <summary>The disk is slow for a while.</summary>
    DiskSlow,

    /// <summary>A read fails.</summary>
    ReadFailed,

    /// <summary>The process dies as its transaction reaches the disk, before it is written.</summary>
    DiedBeforeCommit,

    /// <summary>The process dies right after its transaction was written.</summary>
    DiedAfterCommit,

    /// <summary>The process dies at any await.</summary>
    DiedAnywhere,

    /// <summary>The process is held for dead: another takes over, and it runs on beside it for a while.</summary>
    HeldForDead,

    /// <summary>A program that is not ours writes an order into the store, and asks no gate.</summary>
    StrangeHand,

    /// <summary>The server's clock jumps ahead.</summary>
    ClockAhead,

    /// <summary>The server's clock steps back.</summary>
    ClockBack,

    /// <summary>A request never reaches the server.</summary>
    RequestLost,

    /// <summary>An answer never reaches the one who asked.</summary>
    AnswerLost,

    /// <summary>Requests and answers take long.</summary>
    NetworkSlow,

    /// <summary>The payment provider does not answer for a while.</summary>
    ProviderDown,

    /// <summary>A call to the provider hangs until its caller gives up.</summary>
    ProviderHangs,

    /// <summary>A refund is refused, and is to be asked for again.</summary>
    RefundRefused,

    /// <summary>A refund is done, and its caller told that it failed.</summary>
    RefundDoneUntold,

    /// <summary>A refund is taken on, and told as done by a later event.</summary>
    RefundTakenOn,

    /// <summary>An event of the provider comes twice, under two ids.</summary>
    EventDoubled,

    /// <summary>An event of the provider comes long after what it tells, and after later ones.</summary>
    EventLate,

    /// <summary>An event was altered on its way.</summary>
    EventAltered,

    /// <summary>Someone who has no key makes an event up.</summary>
    EventForged,

    /// <summary>A command never reaches Redis, and its caller waits in vain.</summary>
    RedisRequestLost,

    /// <summary>Redis runs a command, and its answer is lost.</summary>
    RedisReplyLost,

    /// <summary>A command reaches Redis when its caller has given up.</summary>
    RedisLate,

    /// <summary>The connection to Redis breaks, and the client sends a command again that was run.</summary>
    RedisTwice,

    /// <summary>Redis hangs for a while, and then runs what has come meanwhile.</summary>
    RedisHangs,

    /// <summary>Redis is started again with all that it had.</summary>
    RedisRestarted,

    /// <summary>Redis loses everything.</summary>
    RedisEmpty,

    /// <summary>Redis comes back as it was a while ago.</summary>
    RedisOlder,

    /// <summary>A replica takes over, and the primary before it goes on beside it.</summary>
    RedisSplit,

    /// <summary>Redis loses a single key.</summary>
    RedisEvicted,

    /// <summary>Redis's clock steps back.</summary>
    RedisClockBack,

    /// <summary>A message finds no queue, and its sender is told so.</summary>
    MessageUnroutable,

    /// <summary>A message is confirmed, and lost.</summary>
    MessageLost,

    /// <summary>A message is brought twice.</summary>
    MessageTwice,

    /// <summary>A message surfaces seconds later.</summary>
    MessageLate,

    /// <summary>A message is taken, or acknowledged, and nobody hears of that.</summary>
    ConfirmLost,

    /// <summary>The broker is away for a while.</summary>
    BrokerAway,

    /// <summary>The broker's queue is deleted with all that it has.</summary>
    QueueDeleted,

    /// <summary>A node's clock is seconds away from the others'.</summary>
    ClocksApart,

    /// <summary>A process stands still for a while, and goes on as if nothing had been.</summary>
    NodeHeld,

    /// <summary>A claim cannot be written, until somebody mends that.</summary>
    ClaimUnwritable,

    /// <summary>A hint between nodes is lost; after everything else is over, too.</summary>
    HintLost,

    /// <summary>A hint between nodes comes seconds later.</summary>
    HintLate,

    /// <summary>A hint between nodes comes twice.</summary>
    HintTwice,

    /// <summary>The store is away for a while: nothing can be written, or read.</summary>
    StoreAway,

    /// <summary>Another kind of gate works on the store for a while, and those of before may not know that.</summary>
    GateChanged,
}
