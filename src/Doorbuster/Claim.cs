using Doorbuster.Payments;

namespace Doorbuster;

/// <summary>A buyer's attempt to get units; it carries its order id from birth.</summary>
/// <param name="Order">The order it is, once admitted.</param>
/// <param name="Buyer">Whose it is; the order id is bound to this buyer.</param>
/// <param name="Quantity">Units asked for, at least 1.</param>
/// <param name="IsReplay">Whether only an order that stands may answer it: its purchase token has expired.</param>
/// <param name="Revival">Set where late money asks for the units of an expired order again.</param>
public readonly record struct Claim(
    OrderId Order, BuyerId Buyer, int Quantity, bool IsReplay = false, Revival? Revival = null);
