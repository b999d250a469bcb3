namespace Doorbuster;

/// <summary>What an operator has decided about a sale; the numbers are the store's.</summary>
public enum SaleMode
{
    /// <summary>It opens and closes by its window.</summary>
    Active = 0,

    /// <summary>No claim is admitted until it is resumed.</summary>
    Paused = 1,

    /// <summary>No claim is ever admitted again.</summary>
    Closed = 2,
}
