namespace Doorbuster;

/// <summary>What an operator wants changed about a sale.</summary>
public abstract record SaleChange
{
    private SaleChange()
    {
    }

    /// <summary>
    /// The revision from which on nothing is added or edited any more: each revision is kept. To pause, to resume and
    /// to close is always possible.
    /// </summary>
    public long LastRevision { get; init; } = long.MaxValue;

    /// <summary>Admits nothing until it is resumed. Again it is no change.</summary>
    public sealed record Pause : SaleChange;

    /// <summary>Goes on. Again it is no change.</summary>
    public sealed record Resume : SaleChange;

    /// <summary>Admits nothing ever again. Again it is no change.</summary>
    public sealed record Close : SaleChange;

    /// <summary>
    /// Notes that the sale's closing time has come, so that it is closed for good, whatever a clock says later. Nobody
    /// wants it; before that time it is no change.
    /// </summary>
    public sealed record Lapse : SaleChange;

    /// <summary>Adds units, once a request id.</summary>
    /// <param name="Quantity">Units to add, at least 1.</param>
    /// <param name="RequestId">1 to 64 visible ASCII characters; the same one adds once.</param>
    public sealed record Replenish(int Quantity, string RequestId) : SaleChange;

    /// <summary>Other terms.</summary>
    /// <param name="Terms">
    /// The sale as it shall be; only title, description, picture, closing, payment window and, while it is scheduled,
    /// price, opening, limit and need of a token are taken from it.
    /// </param>
    /// <param name="Revision">The revision that the terms were made from.</param>
    public sealed record Edit(Sale Terms, long Revision) : SaleChange;
}
