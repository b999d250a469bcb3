using Doorbuster.Payments;

namespace Doorbuster;

/// <summary>An order as the store has it.</summary>
/// <param name="Id">Its name, from birth.</param>
/// <param name="Buyer">Whose it is.</param>
/// <param name="Quantity">Units it holds, or held, or asked for; 0 where a rejected one's are not known.</param>
/// <param name="Amount">What it costs in all.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Revision">Grows with each transition; a client drops what is lower than it has.</param>
/// <param name="CreatedAt">When its claim was admitted.</param>
/// <param name="ReservedAt">When its units were reserved in the store.</param>
/// <param name="ExpiresAt">When the payment window ends.</param>
public sealed record Order(
    OrderId Id,
    BuyerId Buyer,
    int Quantity,
    Money Amount,
    OrderStatus Status,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset ReservedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>When it was paid; null unless it is.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>0 where there is none: a nullable one would make every order larger.</summary>
    private readonly RejectionReason _rejection;

    /// <summary>Why it is rejected; null unless it is. It was never reserved, and its times say nothing then.</summary>
    public RejectionReason? Rejection
    {
        get => _rejection == default ? null : _rejection;
        init => _rejection = value ?? default;
    }

    /// <summary>0 for a buyer's claim; one more each time late money asks for the order's units again.</summary>
    public int Turn { get; init; }

    /// <summary>Its latest payment, or the one that paid it; null where none was ever opened.</summary>
    public Payment? Payment { get; init; }

    /// <summary>
    /// What its buyer is shown of an order that a gate has admitted and no store has yet. Its revision is below every
    /// other, and it has no times.
    /// </summary>
    /// <param name="sale">The sale.</param>
    /// <param name="id">The order.</param>
    /// <param name="buyer">Whose it is.</param>
    /// <param name="quantity">Units asked for; 0 where that is not known.</param>
    public static Order Queue(Sale sale, OrderId id, BuyerId buyer, int quantity) =>
        new(id, buyer, quantity, sale.Price.Times(quantity), OrderStatus.Queued, 0, default, default, default);

    /// <summary>What becomes of an admitted claim: it holds its units for a while.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="price">The price of one unit.</param>
    /// <param name="window">How long it may be paid.</param>
    /// <param name="admittedAt">When the gate admitted it.</param>
    /// <param name="now">The time of the transaction; the window begins here.</param>
    public static Order Reserve(
        in Claim claim, in Money price, TimeSpan window, DateTimeOffset admittedAt, DateTimeOffset now) =>
        new(claim.Order, claim.Buyer, claim.Quantity, price.Times(claim.Quantity), OrderStatus.Reserved, Revision: 1,
            admittedAt, now, now + window);

    /// <summary>Units it takes from the sale: none once it has ended.</summary>
    public int Held => Status is OrderStatus.Reserved or OrderStatus.Paid ? Quantity : 0;

    /// <summary>The rejection of a claim that was lost with its gate: nobody knows what it asked for.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="buyer">Whose it was.</param>
    /// <param name="currency">The sale's currency.</param>
    /// <param name="now">When it was found to be lost.</param>
    public static Order Lost(OrderId id, BuyerId buyer, string currency, DateTimeOffset now) =>
        new(
            id, buyer, Quantity: 0, new Money(0, currency), OrderStatus.Rejected, Revision: 1, CreatedAt: now,
            ReservedAt: now, ExpiresAt: now)
        {
            Rejection = RejectionReason.AdmissionLost,
        };
}
