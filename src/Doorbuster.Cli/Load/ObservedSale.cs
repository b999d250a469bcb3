namespace Doorbuster.Cli.Load;

/// <summary>What the crowd needs to know of <c>GET /v1/sales/{id}</c>.</summary>
/// <param name="State"><c>scheduled</c>, <c>open</c>, <c>paused</c> or <c>closed</c>.</param>
/// <param name="Quantity">Units on sale.</param>
/// <param name="Available">Units left.</param>
/// <param name="SoldOut">Whether none is left.</param>
/// <param name="OpensAt">By the server's clock.</param>
/// <param name="Now">The server's clock.</param>
/// <param name="RequirePurchaseToken">Whether a claim carries a purchase token; otherwise it carries the JWT.</param>
internal sealed record ObservedSale(
    string State,
    int Quantity,
    int Available,
    bool SoldOut,
    DateTimeOffset OpensAt,
    DateTimeOffset Now,
    bool RequirePurchaseToken = true);
