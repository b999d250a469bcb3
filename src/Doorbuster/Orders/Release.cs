namespace Doorbuster.Orders;

/// <summary>An order whose units the store has given back; the gate frees them by its id, so twice is once.</summary>
/// <param name="Order">The order.</param>
/// <param name="Buyer">Whose it was.</param>
/// <param name="Turn">This turn or a lower one is freed: units that late money took since are left alone.</param>
public readonly record struct Release(OrderId Order, BuyerId Buyer, int Turn);
