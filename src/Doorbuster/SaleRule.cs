namespace Doorbuster;

/// <summary>How a change of a sale ended.</summary>
public enum SaleChangeOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>The sale is so already.</summary>
    Stands,

    /// <summary>There is no such sale.</summary>
    Unknown,

    /// <summary>The sale is closed, and that is final.</summary>
    Closed,

    /// <summary>The change was made from another revision than the sale's.</summary>
    RevisionDiffers,

    /// <summary>What it changes can be changed only while the sale is scheduled.</summary>
    NotScheduled,

    /// <summary>
    /// The sale would have more than <see cref="Sale.MaxQuantity"/> units, or more revisions than it may.
    /// </summary>
    TooMany,

    /// <summary>The request id has added another quantity.</summary>
    RequestReused,
}

/// <summary>The answer to a change of a sale.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Sale">The sale as it is now; null where there is none.</param>
/// <param name="Epoch">The store's epoch at that; null where gate and store are of one process.</param>
public readonly record struct SaleChangeAnswer(SaleChangeOutcome Outcome, Sale? Sale = null, long? Epoch = null);

/// <summary>
/// The one rule of what an operator can change, asked by every store inside the transaction that writes the answer.
/// </summary>
public static class SaleRule
{
    /// <summary>Decides a change.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="replenished">Units that a replenishment's request id has added before; null where none.</param>
    /// <param name="now">The time.</param>
    /// <param name="hasAdmitted">
    /// Whether a claim was admitted before: then the sale has opened, by another clock than this one perhaps, and what
    /// claims were judged by stays as it is (I3, F14).
    /// </param>
    /// <returns>The sale afterwards, of the next revision where the outcome is done.</returns>
    public static SaleChangeAnswer Decide(
        Sale sale, SaleChange change, int? replenished, DateTimeOffset now, bool hasAdmitted = false)
    {
        var isClosed = sale.StateAt(now) == SaleState.Closed;
        return change switch
        {
            SaleChange.Close => Turn(sale, SaleMode.Closed),
            SaleChange.Lapse when isClosed => Turn(sale, SaleMode.Closed),
            SaleChange.Lapse => new SaleChangeAnswer(SaleChangeOutcome.Stands, sale),
            SaleChange.Replenish again when replenished is { } before => new SaleChangeAnswer(
                before == again.Quantity ? SaleChangeOutcome.Stands : SaleChangeOutcome.RequestReused, sale),
            SaleChange.Edit edit when edit.Revision != sale.Revision =>
                new SaleChangeAnswer(SaleChangeOutcome.RevisionDiffers, sale),
            _ when isClosed => new SaleChangeAnswer(SaleChangeOutcome.Closed, sale),
            SaleChange.Pause => Turn(sale, SaleMode.Paused),
            SaleChange.Resume => Turn(sale, SaleMode.Active),
            SaleChange.Replenish or SaleChange.Edit when sale.Revision >= change.LastRevision =>
                new SaleChangeAnswer(SaleChangeOutcome.TooMany, sale),
            SaleChange.Replenish more => Replenish(sale, more.Quantity),
            SaleChange.Edit edit => Edit(sale, edit.Terms, hasAdmitted || now >= sale.OpensAt),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "No rule is written for it."),
        };
    }

    private static SaleChangeAnswer Turn(Sale sale, SaleMode mode) =>
        sale.Mode == mode ? new SaleChangeAnswer(SaleChangeOutcome.Stands, sale) : Done(sale with { Mode = mode });

    private static SaleChangeAnswer Replenish(Sale sale, int quantity) =>
        quantity > Sale.MaxQuantity - sale.Quantity
            ? new SaleChangeAnswer(SaleChangeOutcome.TooMany, sale)
            : Done(sale with { Quantity = sale.Quantity + quantity });

    private static SaleChangeAnswer Edit(Sale sale, Sale terms, bool hasOpened)
    {
        var edited = sale with
        {
            Title = terms.Title,
            Description = terms.Description,
            ImageUrl = terms.ImageUrl,
            Price = terms.Price,
            OpensAt = terms.OpensAt,
            ClosesAt = terms.ClosesAt,
            PerBuyerLimit = terms.PerBuyerLimit,
            PaymentWindow = terms.PaymentWindow,
            RequirePurchaseToken = terms.RequirePurchaseToken,
        };
        var touchesClaims = edited.Price != sale.Price || edited.OpensAt != sale.OpensAt
            || edited.PerBuyerLimit != sale.PerBuyerLimit
            || edited.RequirePurchaseToken != sale.RequirePurchaseToken;
        return edited == sale ? new SaleChangeAnswer(SaleChangeOutcome.Stands, sale)
            : touchesClaims && hasOpened ? new SaleChangeAnswer(SaleChangeOutcome.NotScheduled, sale)
            : Done(edited);
    }

    private static SaleChangeAnswer Done(Sale sale) =>
        new(SaleChangeOutcome.Done, sale with { Revision = sale.Revision + 1 });
}
