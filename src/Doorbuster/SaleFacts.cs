namespace Doorbuster;

/// <summary>What a judge must know of a sale.</summary>
/// <param name="Epoch">Grows each time the sale's gate is rebuilt.</param>
/// <param name="Available">Units nobody holds.</param>
/// <param name="PerBuyerLimit">The most units one buyer holds.</param>
/// <param name="OrdersPerBuyer">The most orders, ended ones included, that are kept of one buyer.</param>
/// <param name="OpensAt">From this moment on claims are admitted.</param>
/// <param name="ClosesAt">From this moment on none is; null where the sale is open-ended.</param>
/// <param name="Mode">What an operator has decided.</param>
public readonly record struct SaleFacts(
    long Epoch,
    long Available,
    int PerBuyerLimit,
    int OrdersPerBuyer,
    DateTimeOffset OpensAt,
    DateTimeOffset? ClosesAt,
    SaleMode Mode);

/// <summary>
/// Who judges. Opening, closing, pause and want of room for more orders are judged once, by the gate, at admission; the
/// store judges what a gate admitted on replay, epoch, limit and stock alone.
/// </summary>
public readonly record struct Judge
{
    private Judge(DateTimeOffset? now, bool isFull, long? epoch)
    {
        Now = now;
        IsFull = isFull;
        Epoch = epoch;
    }

    /// <summary>The gate's time; null where the window is not judged.</summary>
    public DateTimeOffset? Now { get; }

    /// <summary>
    /// Whether there is no room for another order: fulfilment lags too far behind the gate, or the sale has as many
    /// orders as may be kept.
    /// </summary>
    public bool IsFull { get; }

    /// <summary>The epoch the claims carry; null where they carry none.</summary>
    public long? Epoch { get; }

    /// <summary>The gate, at its own time.</summary>
    public static Judge Gate(DateTimeOffset now, bool isFull = false, long? epoch = null) =>
        new(now, isFull, epoch);

    /// <summary>The order store, for claims that a gate of this epoch admitted.</summary>
    public static Judge Store(long epoch) => new(null, false, epoch);
}
