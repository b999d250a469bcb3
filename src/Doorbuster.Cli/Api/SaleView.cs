namespace Doorbuster.Cli.Api;

/// <summary>What a person wants to see of a sale that the server describes.</summary>
/// <param name="Id">The sale's id.</param>
/// <param name="Title">What is on sale.</param>
/// <param name="State"><c>scheduled</c>, <c>open</c>, <c>paused</c> or <c>closed</c>.</param>
/// <param name="Quantity">Units on sale.</param>
/// <param name="Available">Units left.</param>
/// <param name="Price">Of one unit.</param>
/// <param name="OpensAt">When claims are taken.</param>
/// <param name="ClosesAt">Until when; nothing for no end.</param>
/// <param name="PerBuyerLimit">Units that one buyer may hold.</param>
/// <param name="PaymentWindow">How long a reservation waits for its payment, an ISO 8601 duration.</param>
/// <param name="RequirePurchaseToken">Whether a claim needs a purchase token.</param>
internal sealed record SaleView(
    string Id,
    string Title,
    string State,
    int Quantity,
    int Available,
    Price Price,
    DateTimeOffset OpensAt,
    DateTimeOffset? ClosesAt,
    int PerBuyerLimit,
    string PaymentWindow,
    bool RequirePurchaseToken);
