using System.Runtime.InteropServices;

namespace Doorbuster;

/// <summary>One order in a buyer's hands.</summary>
/// <param name="Key">The order's id within its sale.</param>
/// <param name="Quantity">Units it holds; 0 once it has ended, for its id stays taken.</param>
/// <param name="Turn">0 for a buyer's claim; one more each time late money asks for the order's units again.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HeldOrder(OrderKey Key, int Quantity, int Turn = 0);

/// <summary>
/// Every order of one buyer in one sale, in the order in which they were added. It is a look into
/// <see cref="Holdings"/>, and good until those change.
/// </summary>
public readonly struct BuyerOrders
{
    private readonly Holdings? _holdings;
    private readonly int _first;

    internal BuyerOrders(Holdings holdings, int first)
    {
        _holdings = holdings;
        _first = first;
    }

    /// <summary>How many orders there are, ended ones included. It counts them.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var _ in this)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>Units held in all.</summary>
    public int Held
    {
        get
        {
            var held = 0;
            foreach (var order in this)
            {
                held += order.Quantity;
            }

            return held;
        }
    }

    /// <summary>Finds an order by its key.</summary>
    public bool TryFind(OrderKey key, out HeldOrder order)
    {
        foreach (var held in this)
        {
            if (held.Key == key)
            {
                order = held;
                return true;
            }
        }

        order = default;
        return false;
    }

    /// <summary>Begins with the first order.</summary>
    public Enumerator GetEnumerator() => new(_holdings, _first);

    /// <summary>One pass over a buyer's orders.</summary>
    public struct Enumerator
    {
        private readonly Holdings? _holdings;
        private int _next;

        internal Enumerator(Holdings? holdings, int first)
        {
            _holdings = holdings;
            _next = first;
        }

        /// <summary>The order that the pass has come to.</summary>
        public HeldOrder Current { get; private set; }

        /// <summary>Goes on to the next order, if there is one.</summary>
        public bool MoveNext()
        {
            if (_holdings is null || _next == Holdings.NoOrder)
            {
                return false;
            }

            Current = _holdings.OrderAt(_next);
            _next = _holdings.After(_next);
            return true;
        }
    }
}
