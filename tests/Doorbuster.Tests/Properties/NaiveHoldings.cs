namespace Doorbuster.Tests.Properties;

/// <summary>Who holds what, as anyone would write it down first.</summary>
internal sealed class NaiveHoldings
{
    private readonly List<BuyerId> _buyers = [];
    private readonly Dictionary<BuyerId, List<HeldOrder>> _orders = [];

    public IEnumerable<(BuyerId Buyer, HeldOrder Order)> All() =>
        _buyers.SelectMany(buyer => _orders[buyer].Select(order => (buyer, order)));

    public HeldOrder? Find(BuyerId buyer, OrderKey key) =>
        _orders.GetValueOrDefault(buyer)?.Cast<HeldOrder?>().SingleOrDefault(order => order!.Value.Key == key);

    public void Add(BuyerId buyer, HeldOrder order)
    {
        if (_orders.TryAdd(buyer, []))
        {
            _buyers.Add(buyer);
        }

        _orders[buyer].Add(order);
    }

    public int? End(BuyerId buyer, OrderKey key, int turn)
    {
        if (Find(buyer, key) is not { } order)
        {
            return null;
        }

        if (turn < order.Turn)
        {
            return 0;
        }

        Replace(buyer, order, order with { Quantity = 0 });
        return order.Quantity;
    }

    public bool Hold(BuyerId buyer, OrderKey key, int units, int turn)
    {
        if (Find(buyer, key) is not { Quantity: 0 } order || order.Turn >= turn)
        {
            return false;
        }

        Replace(buyer, order, new HeldOrder(key, units, turn));
        return true;
    }

    public void Clear()
    {
        _buyers.Clear();
        _orders.Clear();
    }

    private void Replace(BuyerId buyer, HeldOrder old, HeldOrder order) =>
        _orders[buyer][_orders[buyer].IndexOf(old)] = order;
}
