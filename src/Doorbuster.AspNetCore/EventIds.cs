namespace Doorbuster.AspNetCore;

/// <summary>Every event id of this project, once; a number never changes its meaning.</summary>
internal static class EventIds
{
    // The life of the server.
    public const int GatesOpen = 1001;
    public const int Draining = 1002;
    public const int Closed = 1003;
    public const int LaneFault = 1004;
    public const int OwnershipLost = 1005;
    public const int DrainTimedOut = 1006;
    public const int LaneHangs = 1007;
    public const int StoreHangs = 1008;

    // Who is who.
    public const int OwnSigningKey = 1101;
    public const int TokenRefused = 1102;
    public const int AuthorityUnreachable = 1103;

    // Sales and claims.
    public const int SaleCreated = 1201;
    public const int SoldOut = 1202;
    public const int ClaimFault = 1203;
    public const int SaleChanged = 1204;
    public const int BadCommand = 1205;

    // Requests.
    public const int EndpointFault = 1301;
    public const int StoreUnavailable = 1302;
    public const int ServerRefusal = 1303;

    // Payments.
    public const int PaymentUnavailable = 1401;
    public const int RefundFailed = 1402;
    public const int SandboxOpen = 1403;
    public const int SandboxEventRefused = 1404;
    public const int SandboxEventGivenUp = 1405;
}
