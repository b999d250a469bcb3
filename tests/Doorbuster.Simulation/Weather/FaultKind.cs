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
}
