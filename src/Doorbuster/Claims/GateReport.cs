using Doorbuster.Reconciliation;

namespace Doorbuster.Claims;

/// <summary>A sale as its gate has it at one moment.</summary>
/// <param name="View">The stock.</param>
/// <param name="Orders">Every order with the units it holds.</param>
public sealed record GateReport(StockView View, IReadOnlyList<HeldOrder> Orders)
{
    /// <summary>The <see cref="BuyerHash"/> of every buyer who has an order; empty where nobody needs it.</summary>
    public IReadOnlyCollection<ulong> Buyers { get; init; } = [];

    /// <summary>Which order is whose; null where nobody has added it up.</summary>
    public Ownership? Owners { get; init; }

    /// <summary>
    /// Whether claims were decided while it was read: then its orders and its stock need not be of one moment.
    /// </summary>
    public bool IsMoving { get; init; }

    /// <summary>Claims admitted in the sale's life, which every commit compares; null where it is not known.</summary>
    public long? Admitted { get; init; }
}
