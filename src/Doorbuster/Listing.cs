using Doorbuster.Admission;
using Doorbuster.Claims;
using Doorbuster.Telemetry;

namespace Doorbuster;

/// <summary>A sale as this node knows it: its terms, the mint of its order ids, and what its gate last said.</summary>
public sealed class Listing
{
    private Sale _sale;
    private long _storeEpoch;

    /// <summary>Lists a sale whose gate was opened with this snapshot.</summary>
    public Listing(GateSnapshot snapshot)
    {
        _sale = snapshot.Sale;
        OrderIds = new OrderIdMint(Sale.Id, Sale.OrderIdKey.Span);
        Mark = new SoldOutMark(
            new StockView(snapshot.Epoch, snapshot.Stock.Version, snapshot.Stock.Available),
            snapshot.Holdings);
    }

    /// <summary>Lists a sale whose gate nodes share.</summary>
    /// <param name="sale">Its terms.</param>
    /// <param name="view">What is known of its stock until the gate says more.</param>
    public Listing(Sale sale, StockView view)
    {
        _sale = sale;
        OrderIds = new OrderIdMint(sale.Id, sale.OrderIdKey.Span);
        Mark = new SoldOutMark(view);
    }

    /// <summary>The sale's terms, of the highest revision that its gate has taken over, or shut it before.</summary>
    public Sale Sale => Volatile.Read(ref _sale);

    /// <summary>Takes over terms of a higher revision; its gate has them already, or has shut the sale.</summary>
    public void Update(Sale sale)
    {
        var known = Sale;
        while (known.Revision < sale.Revision)
        {
            var seen = Interlocked.CompareExchange(ref _sale, sale, known);
            if (ReferenceEquals(seen, known))
            {
                return;
            }

            known = seen;
        }
    }

    /// <summary>Makes and proves the sale's order ids.</summary>
    public OrderIdMint OrderIds { get; }

    /// <summary>
    /// The store's epoch as this node last saw it: what a gate of an earlier one says may lack orders. It is earlier
    /// than it was where the store was restored; 0 where gate and store are of one process.
    /// </summary>
    public long StoreEpoch
    {
        get => Volatile.Read(ref _storeEpoch);
        set => Volatile.Write(ref _storeEpoch, value);
    }

    /// <summary>What the gate last said of the stock.</summary>
    public SoldOutMark Mark { get; }

    /// <summary>The claims that this node has answered.</summary>
    public ClaimTally Claims { get; } = new();
}
