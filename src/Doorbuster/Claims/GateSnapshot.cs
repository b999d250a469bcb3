namespace Doorbuster.Claims;

/// <summary>All a gate needs to open a sale: one consistent state of the order store, under a new epoch.</summary>
/// <param name="Sale">The sale's terms.</param>
/// <param name="Epoch">The epoch that begins with this snapshot.</param>
/// <param name="Stock">The sale's units.</param>
/// <param name="Admitted">Claims admitted in the sale's whole life.</param>
/// <param name="Holdings">Every buyer with every order; the gate takes it over.</param>
public sealed record GateSnapshot(Sale Sale, long Epoch, Stock Stock, long Admitted, Holdings Holdings);
