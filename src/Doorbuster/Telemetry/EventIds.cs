namespace Doorbuster.Telemetry;

/// <summary>The id of every entry of the log, once; a number never changes its meaning.</summary>
public static class EventIds
{
    /// <summary>Every gate is open.</summary>
    public const int GatesOpen = 1001;

    /// <summary>The server stops, and answers who waits.</summary>
    public const int Draining = 1002;

    /// <summary>The order store is closed.</summary>
    public const int Closed = 1003;

    /// <summary>A loop of the engine stopped by a fault.</summary>
    public const int LaneFault = 1004;

    /// <summary>Another process changed the store.</summary>
    public const int OwnershipLost = 1005;

    /// <summary>The time to drain was over.</summary>
    public const int DrainTimedOut = 1006;

    /// <summary>A lane did not end.</summary>
    public const int LaneHangs = 1007;

    /// <summary>The order store did not close.</summary>
    public const int StoreHangs = 1008;

    /// <summary>Those who still wait are told that the outcome is not known.</summary>
    public const int GivingUp = 1009;

    /// <summary>What is ready, or not, has changed.</summary>
    public const int Readiness = 1010;

    /// <summary>Another process has become the owner of the order store.</summary>
    public const int StoreTaken = 1011;

    /// <summary>Tokens are signed with a key of the server's own.</summary>
    public const int OwnSigningKey = 1101;

    /// <summary>A bearer token was refused.</summary>
    public const int TokenRefused = 1102;

    /// <summary>The identity authority does not answer.</summary>
    public const int AuthorityUnreachable = 1103;

    /// <summary>A sale was created.</summary>
    public const int SaleCreated = 1201;

    /// <summary>A sale has nothing left; said by the claim that took the last unit.</summary>
    public const int SoldOut = 1202;

    /// <summary>What became of a claim is not known: the store or the gate is away.</summary>
    public const int ClaimUnknown = 1203;

    /// <summary>A claim failed by a fault of ours.</summary>
    public const int ClaimFault = 1219;

    /// <summary>The gate of a sale that is over was removed.</summary>
    public const int SaleEnded = 1221;

    /// <summary>The gate of a sale that is over could not be removed, by a fault of ours.</summary>
    public const int SaleNotEnded = 1222;

    /// <summary>A sale has as many orders as may be kept of one.</summary>
    public const int SaleFilled = 1220;

    /// <summary>All sales together have as many orders as may be kept.</summary>
    public const int AllFilled = 1223;

    /// <summary>An operator changed a sale.</summary>
    public const int SaleChanged = 1204;

    /// <summary>The order store's constraints refuse a change of an order.</summary>
    public const int BadCommand = 1205;

    /// <summary>A claim was answered.</summary>
    public const int ClaimAnswered = 1206;

    /// <summary>A batch of claims was decided.</summary>
    public const int BatchDecided = 1207;

    /// <summary>A batch of changes of orders was written.</summary>
    public const int OrdersChanged = 1208;

    /// <summary>A sale's gate was opened anew.</summary>
    public const int GateRebuilt = 1209;

    /// <summary>A sale's gate could not be looked after.</summary>
    public const int RebuildPostponed = 1210;

    /// <summary>An admitted claim became a dead letter.</summary>
    public const int ClaimBuried = 1211;

    /// <summary>A dead letter could not even be rejected.</summary>
    public const int LetterStuck = 1212;

    /// <summary>An endpoint failed.</summary>
    public const int EndpointFault = 1301;

    /// <summary>The order store was unavailable to a request.</summary>
    public const int StoreUnavailable = 1302;

    /// <summary>The web server refused a request by itself.</summary>
    public const int ServerRefusal = 1303;

    /// <summary>A payment could not be opened.</summary>
    public const int PaymentUnavailable = 1401;

    /// <summary>Money could not be given back yet.</summary>
    public const int RefundFailed = 1402;

    /// <summary>Payments are a sandbox.</summary>
    public const int SandboxOpen = 1403;

    /// <summary>The server refused an event of its sandbox.</summary>
    public const int SandboxEventRefused = 1404;

    /// <summary>An event of the sandbox was given up.</summary>
    public const int SandboxEventGivenUp = 1405;

    /// <summary>The store's write-ahead log could not be folded back.</summary>
    public const int NotFolded = 2001;

    /// <summary>Orders do not reach the disk.</summary>
    public const int NotCommitted = 2002;

    /// <summary>Orders reach the disk again.</summary>
    public const int CommittedAgain = 2003;

    /// <summary>The start waits for another process to give up the store.</summary>
    public const int WaitingForStore = 2004;

    /// <summary>The session that holds the order store's lock is lost.</summary>
    public const int LockLost = 2005;

    /// <summary>The order store's lock is ours again.</summary>
    public const int LockRegained = 2006;

    /// <summary>The start waits for the order store's server.</summary>
    public const int WaitingForServer = 2007;

    /// <summary>The order store became the gate itself.</summary>
    public const int StoreBecameGate = 2008;

    /// <summary>Traces, metrics and logs are sent to a collector.</summary>
    public const int Exporting = 3001;
}
