using Doorbuster.Admission;
using Doorbuster.Claims;

namespace Doorbuster;

/// <summary>A sale as this node knows it: its terms, the mint of its order ids, and what its gate last said.</summary>
public sealed class Listing
{
    /// <summary>Lists a sale whose gate was opened with this snapshot.</summary>
    public Listing(GateSnapshot snapshot)
    {
        Sale = snapshot.Sale;
        OrderIds = new OrderIdMint(Sale.Id, Sale.OrderIdKey.Span);
        Mark = new SoldOutMark(
            new StockView(snapshot.Epoch, snapshot.Stock.Version, snapshot.Stock.Available),
            snapshot.Holdings.All());
    }

    /// <summary>The sale's terms.</summary>
    public Sale Sale { get; }

    /// <summary>Makes and proves the sale's order ids.</summary>
    public OrderIdMint OrderIds { get; }

    /// <summary>What the gate last said of the stock.</summary>
    public SoldOutMark Mark { get; }
}
