namespace Doorbuster.Admission;

/// <summary>
/// This node's memory that a sale has nothing left, so that the crowd after the last unit is refused without a place in
/// a lane. It is reversible: the next word of the gate that says otherwise clears it. It never hides an order from the
/// one who holds it (F17): a claim whose order may stand always goes to the gate.
/// </summary>
/// <remarks>
/// Invariant: when a view says that nothing is left, every order that its gate had admitted by then is in the filter,
/// with its buyer. The sale's lane keeps it: it alone adds, and says that nothing is left after it has added. Who gives
/// units back says so here at once, which reopens the sale. Unknown claims are added too. Where nodes share the gate
/// its orders are those of a scan, which hold for the view that it was made under and no other
/// (<see cref="SharedMarks"/>). Tests: <c>SoldOutMarkTests</c>, <c>F17_*</c>.
/// </remarks>
public sealed class SoldOutMark
{
    /// <summary>Null where this node does not see every order: then nobody is refused here.</summary>
    private readonly OrderFilter? _known;
    private StockView _view;
    private volatile Scan? _scan;

    /// <summary>Begins with a sale's gate as it was opened.</summary>
    /// <param name="view">What the gate said when it opened.</param>
    /// <param name="holdings">Every order that stands.</param>
    public SoldOutMark(StockView view, Holdings holdings)
    {
        _view = view;
        _known = new OrderFilter(2 * holdings.Buyers);
        for (var buyer = 0; buyer < holdings.Buyers; buyer++)
        {
            _known.Add(BuyerHash.Of(holdings.IdOf(buyer)));
            foreach (var order in holdings.OrdersOf(buyer))
            {
                _known.Add(order.Key.High);
            }
        }
    }

    /// <summary>
    /// Begins with a sale of a gate that nodes share. It remembers what that says, and refuses nobody by itself: other
    /// nodes' orders are not known here.
    /// </summary>
    /// <param name="view">What is known of the stock.</param>
    public SoldOutMark(StockView view) => _view = view;

    /// <summary>What the gate last said.</summary>
    public StockView View => Volatile.Read(ref _view);

    /// <summary>An order that stands, or may stand, from now on.</summary>
    public void Add(OrderKey order, BuyerId buyer)
    {
        if (_known is not null)
        {
            _known.Add(order.High);
            _known.Add(BuyerHash.Of(buyer.Utf8));
        }
    }

    /// <summary>
    /// Takes the gate's word that there are units, from whoever brings it. Word that there are none is left to the
    /// lane, which has added every order before it says so.
    /// </summary>
    public void Reopen(StockView view)
    {
        if (view.Available > 0 || _known is null)
        {
            See(view);
        }
    }

    /// <summary>Takes the gate's word from the sale's lane, unless it is older than the one known.</summary>
    public void See(StockView view)
    {
        var known = View;
        while (!view.IsOlderThan(known))
        {
            var seen = Interlocked.CompareExchange(ref _view, view, known);
            if (ReferenceEquals(seen, known))
            {
                return;
            }

            known = seen;
        }
    }

    /// <summary>Whether the orders are known that a shared gate has under the view.</summary>
    public bool IsFilled => _scan?.View == View;

    /// <summary>Takes over every order and buyer that a shared gate has under a view.</summary>
    public void Fill(StockView view, OrderFilter known)
    {
        See(view);
        _scan = new Scan(view, known);
    }

    /// <summary>
    /// What a shared gate must still say for a claim to be refused as sold out, for its order and its buyer have none
    /// under that view; null where they may.
    /// </summary>
    public StockView? RefusesWhile(OrderHead order, BuyerId buyer) =>
        View is { Available: 0 } view && _scan is { } scan && scan.View == view
        && !scan.Known.MayContain(order.High) && !scan.Known.MayContain(BuyerHash.Of(buyer.Utf8))
            ? view
            : null;

    /// <summary>
    /// Whether a claim can be refused as sold out here and now. A buyer who holds an order is not: that the limit is
    /// reached comes first, and is answered with the order.
    /// </summary>
    /// <param name="order">The first part of the claim's order id, of which the rest need not be made.</param>
    /// <param name="buyer">Who claims.</param>
    public bool Refuses(OrderHead order, BuyerId buyer) =>
        _known is not null
        && View.Available == 0 && !_known.MayContain(order.High) && !_known.MayContain(BuyerHash.Of(buyer.Utf8));

    private sealed record Scan(StockView View, OrderFilter Known);
}
