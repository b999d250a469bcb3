using Doorbuster.Reconciliation;

namespace Doorbuster.Claims;

/// <summary>
/// A sale's orders, read a part at a time, so that no claim waits for all of a large sale. What changes between two
/// parts is noted and put right at the end: the report is of one moment, that of its last part.
/// </summary>
/// <remarks>The sale's lock guards it, until it has been read to its end and nobody notes anything here.</remarks>
internal sealed class GateReading
{
    /// <summary>Orders of one part: the sale's lock is held for about a millisecond.</summary>
    public const int PartOrders = 16_384;

    /// <summary>Room for orders that come meanwhile: to grow, the list would be copied while claims wait.</summary>
    private const int Spare = 65_536;

    private readonly List<HeldOrder> _orders;
    private readonly Dictionary<OrderKey, (HeldOrder Order, int Buyer)> _changed = [];
    private Ownership _owners;
    private StockView? _view;
    private long _admitted;
    private int _nextBuyer;

    /// <summary>Makes room.</summary>
    /// <param name="orders">How many there are about.</param>
    public GateReading(int orders) => _orders = new List<HeldOrder>(orders + (orders < PartOrders ? 0 : Spare));

    /// <summary>Reads the next part.</summary>
    /// <returns>Whether there is more.</returns>
    public bool ReadPart(Holdings holdings)
    {
        _nextBuyer = holdings.CopyOrders(_nextBuyer, PartOrders, _orders, ref _owners);
        return _nextBuyer < holdings.Buyers;
    }

    /// <summary>An order has changed, or is new.</summary>
    public void Note(BuyerId buyer, HeldOrder order) => _changed[order.Key] = (order, buyer.GetHashCode());

    /// <summary>The last part has been read: this is the moment that is told.</summary>
    public void End(StockView view, long admitted)
    {
        _view = view;
        _admitted = admitted;
    }

    /// <summary>Puts right what has changed since it was read, once; nobody waits for that.</summary>
    public GateReport Conclude()
    {
        for (var i = 0; i < _orders.Count && _changed.Count > 0; i++)
        {
            if (_changed.Remove(_orders[i].Key, out var now))
            {
                _orders[i] = now.Order;
            }
        }

        foreach (var (order, buyer) in _changed.Values)
        {
            _orders.Add(order);
            _owners = _owners.With(order.Key, buyer);
        }

        return new GateReport(_view!, _orders) { Owners = _owners, Admitted = _admitted };
    }
}
