namespace Doorbuster.Claims;

/// <summary>What a shared gate has of one buyer in a sale.</summary>
/// <param name="Epoch">The gate's epoch when it said so: an earlier one than the store's may lack orders.</param>
/// <param name="Orders">The buyer's orders with what they hold, in the order in which they were made.</param>
public sealed record BuyerHoldings(long Epoch, IReadOnlyList<HeldOrder> Orders);
