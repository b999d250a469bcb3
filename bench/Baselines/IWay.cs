namespace Doorbuster.Baselines;

/// <summary>
/// One of the ways in which flash sales are written elsewhere: one request at a time, nothing batched.
/// </summary>
internal interface IWay
{
    /// <summary>Puts a sale's units where this way takes them from.</summary>
    /// <param name="sale">A sale that the database has.</param>
    /// <param name="quantity">Its units.</param>
    Task PreloadAsync(string sale, int quantity);

    /// <summary>Lets a buyer have one unit.</summary>
    Task<Reply> BuyAsync(string sale, string buyer);
}

/// <summary>What a buyer is told.</summary>
internal enum Reply
{
    /// <summary>The order is in the database.</summary>
    Ordered,

    /// <summary>A message was sent; the order will follow.</summary>
    Queued,

    /// <summary>There is nothing left.</summary>
    SoldOut,

    /// <summary>The buyer has an order.</summary>
    HasOne,

    /// <summary>Too many others tried at the same moment.</summary>
    TryAgain,
}
