namespace Doorbuster.Orders;

/// <summary>An order whose units the store has given back; the gate frees them by its id, so twice is once.</summary>
/// <param name="Order">The order.</param>
/// <param name="Buyer">Whose it was.</param>
/// <param name="Turn">This turn or a lower one is freed: units that late money took since are left alone.</param>
/// <param name="Epoch">
/// The store's epoch when it ended the order: a gate of an earlier one must not take it for freed, because the snapshot
/// that replaces it may still hold the units. Null where gate and store are of one process.
/// </param>
public readonly record struct Release(OrderId Order, BuyerId Buyer, int Turn, long? Epoch = null);
