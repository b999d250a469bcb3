namespace Doorbuster.Fulfilment;

/// <summary>What a gate admitted of one sale in one batch, with the state of the store that it decided on.</summary>
/// <param name="Sale">The sale.</param>
/// <param name="Epoch">The gate's epoch.</param>
/// <param name="Before">
/// Claims admitted in the sale's whole life before these. Nothing but an admission takes units or fills a buyer's
/// limit, so a store that still counts this many holds nobody's orders that the gate did not know.
/// </param>
/// <param name="Units">Units of these orders together.</param>
/// <param name="Orders">The orders, at least one, in the order of admission.</param>
public sealed record Admissions(SaleId Sale, long Epoch, long Before, long Units, IReadOnlyList<Order> Orders);
