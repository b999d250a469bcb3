namespace Doorbuster;

/// <summary>One thing on sale: its terms, as they were created or last changed by an operator.</summary>
public sealed record Sale
{
    /// <summary>The most units a sale has, and the most one claim can ask for.</summary>
    public const int MaxQuantity = 100_000_000;

    /// <summary>The sale's name.</summary>
    public required SaleId Id { get; init; }

    /// <summary>What buyers read, 1 to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>A longer text, up to 4,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>A picture, http or https, up to 2,000 characters.</summary>
    public Uri? ImageUrl { get; init; }

    /// <summary>Units there are in all, from 1 to <see cref="MaxQuantity"/>.</summary>
    public required int Quantity { get; init; }

    /// <summary>The price of one unit.</summary>
    public required Money Price { get; init; }

    /// <summary>From this moment on claims are decided.</summary>
    public required DateTimeOffset OpensAt { get; init; }

    /// <summary>From this moment on no new claim is admitted; open-ended where null.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>The most units one buyer holds, reserved and paid together.</summary>
    public required int PerBuyerLimit { get; init; }

    /// <summary>How long a reservation waits for its payment.</summary>
    public required TimeSpan PaymentWindow { get; init; }

    /// <summary>Whether a claim needs a purchase token; without, the buyer's JWT stands in.</summary>
    public required bool RequirePurchaseToken { get; init; }

    /// <summary>When the sale was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What an operator has decided; <see cref="SaleMode.Active"/> unless said otherwise.</summary>
    public SaleMode Mode { get; init; }

    /// <summary>Grows with each change an operator makes.</summary>
    public required long Revision { get; init; }

    /// <summary>
    /// The key of the sale's order ids, <see cref="OrderIdMint.KeyBytes"/> bytes; it never leaves the store.
    /// </summary>
    public required ReadOnlyMemory<byte> OrderIdKey { get; init; }

    /// <summary>The sale's state at a moment, by its mode and its window.</summary>
    public SaleState StateAt(DateTimeOffset now) =>
        Mode == SaleMode.Closed || now >= ClosesAt ? SaleState.Closed
        : Mode == SaleMode.Paused ? SaleState.Paused
        : now < OpensAt ? SaleState.Scheduled
        : SaleState.Open;
}
