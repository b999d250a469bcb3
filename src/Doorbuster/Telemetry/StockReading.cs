namespace Doorbuster.Telemetry;

/// <summary>A sale's units as one look found them.</summary>
/// <param name="Sale">The sale.</param>
/// <param name="Stock">The store's row.</param>
/// <param name="LawHolds">Whether the row keeps the law, and the gate does not differ from it for good.</param>
internal sealed record StockReading(SaleId Sale, Stock Stock, bool LawHolds);
