namespace Doorbuster;

/// <summary>
/// What is decided about a claim, in order of precedence: the first that applies is the answer. Refusals are values.
/// </summary>
public enum Outcome
{
    /// <summary>There is no gate for the sale: closed, never empty and never full.</summary>
    SaleUnknown,

    /// <summary>An order stands under the claim's id; it is the answer, whatever became of it.</summary>
    Replayed,

    /// <summary>An order for another quantity stands under the claim's id.</summary>
    KeyReused,

    /// <summary>The claim's right has expired, and there is no order that it could repeat.</summary>
    TokenExpired,

    /// <summary>The claim carries another epoch than the sale's.</summary>
    StaleEpoch,

    /// <summary>The sale opens later.</summary>
    NotOpen,

    /// <summary>An operator holds the sale.</summary>
    Paused,

    /// <summary>The sale is over.</summary>
    Closed,

    /// <summary>Nothing can be admitted now; the same claim may be tried again.</summary>
    Busy,

    /// <summary>The buyer would hold more than the sale's limit, or has made more orders than are kept.</summary>
    BuyerLimit,

    /// <summary>No unit is left.</summary>
    SoldOut,

    /// <summary>Fewer units are left than the claim asks for.</summary>
    Insufficient,

    /// <summary>The units are the claim's.</summary>
    Admitted,
}
