using System.Runtime.InteropServices;

namespace Doorbuster;

/// <summary>
/// Who holds what in one sale: every buyer with every order. Not safe for use by several threads at once.
/// </summary>
/// <param name="capacity">Buyers there is room for before the first growth.</param>
public sealed class Holdings(int capacity = 0)
{
    private readonly Dictionary<BuyerId, BuyerOrders> _buyers = new(capacity);

    /// <summary>How many buyers have an order.</summary>
    public int Buyers => _buyers.Count;

    /// <summary>One buyer's orders; none where the buyer is not known.</summary>
    public BuyerOrders Of(BuyerId buyer) => _buyers.GetValueOrDefault(buyer);

    /// <summary>Replaces one buyer's orders.</summary>
    public void Set(BuyerId buyer, BuyerOrders orders) => _buyers[buyer] = orders;

    /// <summary>Adds an order to its buyer's.</summary>
    public void Add(BuyerId buyer, HeldOrder order)
    {
        ref var orders = ref CollectionsMarshal.GetValueRefOrAddDefault(_buyers, buyer, out _);
        orders = orders.With(order);
    }

    /// <summary>Takes a buyer's orders over from elsewhere, unless this book has the buyer already.</summary>
    public void Borrow(BuyerId buyer, Holdings from)
    {
        ref var orders = ref CollectionsMarshal.GetValueRefOrAddDefault(_buyers, buyer, out var known);
        if (!known)
        {
            orders = from.Of(buyer);
        }
    }

    /// <summary>Forgets everyone.</summary>
    public void Clear() => _buyers.Clear();

    /// <summary>A copy of every order, made as fast as can be: whoever asks may be holding others up.</summary>
    public List<HeldOrder> CopyOrders()
    {
        var copy = new List<HeldOrder>(_buyers.Count);
        foreach (var orders in _buyers.Values)
        {
            for (var i = 0; i < orders.Count; i++)
            {
                copy.Add(orders[i]);
            }
        }

        return copy;
    }

    /// <summary>Every order with its buyer, in the order in which buyers first came.</summary>
    public IEnumerable<(BuyerId Buyer, HeldOrder Order)> All()
    {
        foreach (var (buyer, orders) in _buyers)
        {
            for (var i = 0; i < orders.Count; i++)
            {
                yield return (buyer, orders[i]);
            }
        }
    }
}
