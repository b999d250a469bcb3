using System.Runtime.InteropServices;

namespace Doorbuster;

/// <summary>One order in a buyer's hands.</summary>
/// <param name="Key">The order's id within its sale.</param>
/// <param name="Quantity">Units it holds; 0 once it has ended, for its id stays taken.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HeldOrder(OrderKey Key, int Quantity);

/// <summary>
/// Every order of one buyer in one sale. Nearly every buyer has one order, so that one is kept in place; an array holds
/// the rest and is replaced, never written, so that copies of this value stay what they were.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct BuyerOrders
{
    private readonly HeldOrder _first;
    private readonly HeldOrder[]? _more;

    private BuyerOrders(HeldOrder first, HeldOrder[]? more)
    {
        _first = first;
        _more = more;
    }

    /// <summary>How many orders there are, ended ones included.</summary>
    public int Count => _first == default ? 0 : 1 + (_more?.Length ?? 0);

    /// <summary>Units held in all.</summary>
    public int Held
    {
        get
        {
            var held = _first.Quantity;
            foreach (var order in _more.AsSpan())
            {
                held += order.Quantity;
            }

            return held;
        }
    }

    /// <summary>The order at a place, in the order in which they were added.</summary>
    public HeldOrder this[int index] => index == 0 ? _first : _more![index - 1];

    /// <summary>These orders and one more.</summary>
    public BuyerOrders With(HeldOrder order) =>
        _first == default ? new(order, null) : new(_first, [.. _more.AsSpan(), order]);

    /// <summary>Finds an order by its key.</summary>
    public bool TryFind(OrderKey key, out HeldOrder order)
    {
        for (var i = 0; i < Count; i++)
        {
            order = this[i];
            if (order.Key == key)
            {
                return true;
            }
        }

        order = default;
        return false;
    }
}
