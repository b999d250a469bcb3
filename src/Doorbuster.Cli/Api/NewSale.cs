namespace Doorbuster.Cli.Api;

/// <summary>The body of <c>POST /v1/sales</c>; the server judges it.</summary>
/// <param name="Id">The sale's id, or nothing for one that the server makes.</param>
/// <param name="Title">What is on sale.</param>
/// <param name="Description">More about it.</param>
/// <param name="ImageUrl">A picture of it.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Price">Of one unit.</param>
/// <param name="OpensAt">When claims are taken.</param>
/// <param name="ClosesAt">Until when; nothing for no end.</param>
/// <param name="PerBuyerLimit">Units that one buyer may hold.</param>
/// <param name="PaymentWindow">How long a reservation waits for its payment, an ISO 8601 duration.</param>
/// <param name="RequirePurchaseToken">Whether a claim needs a purchase token.</param>
internal sealed record NewSale(
    string? Id,
    string Title,
    string? Description,
    string? ImageUrl,
    int Quantity,
    Price Price,
    DateTimeOffset OpensAt,
    DateTimeOffset? ClosesAt = null,
    int PerBuyerLimit = 1,
    string PaymentWindow = "PT10M",
    bool RequirePurchaseToken = true);

/// <summary>Money on the wire.</summary>
/// <param name="Amount">Minor units, such as cents.</param>
/// <param name="Currency">An ISO 4217 code.</param>
internal sealed record Price(long Amount, string Currency);
