namespace Doorbuster.Claims;

/// <summary>A sale as its gate has it at one moment.</summary>
/// <param name="View">The stock.</param>
/// <param name="Orders">Every order with the units it holds.</param>
public sealed record GateReport(StockView View, IReadOnlyList<HeldOrder> Orders);
