using Doorbuster.Compact;
using Doorbuster.Reconciliation;

namespace Doorbuster;

/// <summary>
/// Who holds what in one sale: every buyer with every order. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// A sale of a million orders keeps them for days, so no buyer and no order is an object, and nothing is copied to make
/// room. With ids of 36 bytes an order costs 84, and a full garbage collection 1 ms; a dictionary of byte arrays takes
/// 137 and 34 ms. Orders are found by places: nearly every buyer has one order, which is beside the buyer (a positive
/// place, from 1); the rest are in a list of their own (negative, from -1), each with the place of the buyer's next.
/// </remarks>
/// <param name="expected">Buyers that will be added at once; filling is faster by that.</param>
public sealed class Holdings(int expected = 0)
{
    internal const int NoOrder = 0;

    /// <summary>Few enough that what was touched is still near when its turn comes.</summary>
    private const int TouchedAtOnce = 256;

    private readonly ChainedTable<Buyer> _buyers = new(expected);
    private readonly ByteStrings _ids = new();
    private readonly ChunkedList<FurtherOrder> _further = new();

    /// <summary>How many buyers have an order.</summary>
    public int Buyers => _buyers.Count;

    /// <summary>How many orders there are, ended ones included.</summary>
    public int Orders => _buyers.Count + _further.Count;

    /// <summary>One buyer's orders; none where the buyer is not known.</summary>
    public BuyerOrders Of(BuyerId buyer) => new(this, Find(buyer.Utf8, HashOf(buyer)));

    /// <summary>Adds an order to its buyer's; that its id is new is the caller's to know.</summary>
    public void Add(BuyerId buyer, HeldOrder order) => Add(buyer.Utf8, HashOf(buyer), order);

    /// <summary>
    /// Adds orders that a store has, faster than one by one; those that come first are the buyer's first.
    /// </summary>
    /// <param name="buyers">The buyers' ids, one after another.</param>
    /// <param name="ends">Where each id ends.</param>
    /// <param name="orders">As many orders.</param>
    /// <returns>How many were added: fewer than there are where an id is none, which comes next.</returns>
    public int AddAll(ReadOnlySpan<byte> buyers, ReadOnlySpan<int> ends, ReadOnlySpan<HeldOrder> orders)
    {
        Span<uint> hashes = stackalloc uint[TouchedAtOnce];
        for (var first = 0; first < orders.Length; first += TouchedAtOnce)
        {
            var count = Math.Min(TouchedAtOnce, orders.Length - first);
            for (var i = 0; i < count; i++)
            {
                hashes[i] = HashOf(Buyer(buyers, ends, first + i));
            }

            _buyers.Touch(hashes[..count]);
            for (var i = 0; i < count; i++)
            {
                var buyer = Buyer(buyers, ends, first + i);
                if (!BuyerId.IsValid(buyer))
                {
                    return first + i;
                }

                Add(buyer, hashes[i], orders[first + i]);
            }
        }

        return orders.Length;

        static ReadOnlySpan<byte> Buyer(ReadOnlySpan<byte> buyers, ReadOnlySpan<int> ends, int place) =>
            buyers[(place == 0 ? 0 : ends[place - 1])..ends[place]];
    }

    /// <summary>
    /// An order gives its units back, all at once, unless it has been given units under a higher turn than the one that
    /// ended. Doing it twice is doing it once.
    /// </summary>
    /// <returns>Units that came free, 0 where it held none; null where the buyer has no such order.</returns>
    public int? End(BuyerId buyer, OrderKey order, int turn)
    {
        var place = Find(buyer, order);
        if (place == NoOrder)
        {
            return null;
        }

        ref var held = ref OrderAt(place);
        if (held.Turn > turn)
        {
            return 0;
        }

        var freed = held.Quantity;
        held = held with { Quantity = 0 };
        return freed;
    }

    /// <summary>An order that has ended holds units again, under a higher turn than any before.</summary>
    /// <param name="buyer">Whose order it is.</param>
    /// <param name="order">The order.</param>
    /// <param name="units">What it holds from now on, at least 1.</param>
    /// <param name="turn">The turn under which it asked for them.</param>
    /// <returns>
    /// False, and nothing is changed, where the buyer has no such order, it holds units, or the turn is not higher.
    /// </returns>
    public bool Hold(BuyerId buyer, OrderKey order, int units, int turn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        var place = Find(buyer, order);
        if (place == NoOrder)
        {
            return false;
        }

        ref var held = ref OrderAt(place);
        var mayHold = held.Quantity == 0 && turn > held.Turn;
        if (mayHold)
        {
            held = held with { Quantity = units, Turn = turn };
        }

        return mayHold;
    }

    /// <summary>Takes a copy of a buyer's orders from elsewhere, unless this book has the buyer already.</summary>
    public void Borrow(BuyerId buyer, Holdings from)
    {
        var hash = HashOf(buyer);
        if (Find(buyer.Utf8, hash) == NoOrder)
        {
            foreach (var order in new BuyerOrders(from, from.Find(buyer.Utf8, hash)))
            {
                Add(buyer.Utf8, hash, order);
            }
        }
    }

    /// <summary>Forgets everyone, and keeps the room.</summary>
    public void Clear()
    {
        _buyers.Clear();
        _ids.Clear();
        _further.Clear();
    }

    /// <summary>Copies orders as fast as can be, buyer by buyer: whoever asks may be holding others up.</summary>
    /// <param name="buyer">The first buyer, by the number in which buyers came, from 0.</param>
    /// <param name="orders">How many orders, and the rest of the last one's buyer's.</param>
    /// <param name="copy">Where they are added.</param>
    /// <param name="owners">Which order is whose; theirs are added.</param>
    /// <returns>The next buyer; as many as there are where none is left.</returns>
    public int CopyOrders(int buyer, int orders, List<HeldOrder> copy, ref Ownership owners)
    {
        for (var most = copy.Count + orders; buyer < _buyers.Count && copy.Count < most; buyer++)
        {
            var hash = BuyerId.HashOf(IdOf(buyer));
            foreach (var order in OrdersOf(buyer))
            {
                copy.Add(order);
                owners = owners.With(order.Key, hash);
            }
        }

        return buyer;
    }

    /// <summary>Every order with its buyer, in the order in which buyers first came.</summary>
    public IEnumerable<(BuyerId Buyer, HeldOrder Order)> All()
    {
        for (var buyer = 0; buyer < _buyers.Count; buyer++)
        {
            var id = BuyerId.Copy(IdOf(buyer));
            foreach (var order in OrdersOf(buyer))
            {
                yield return (id, order);
            }
        }
    }

    /// <summary>The id of a buyer, by the number in which buyers came, from 0.</summary>
    internal ReadOnlySpan<byte> IdOf(int buyer) => _ids.Get(_buyers[buyer].Id);

    /// <summary>The orders of that buyer.</summary>
    internal BuyerOrders OrdersOf(int buyer) => new(this, buyer + 1);

    internal ref HeldOrder OrderAt(int place)
    {
        if (place > 0)
        {
            return ref _buyers[place - 1].First;
        }

        return ref _further[-place - 1].Order;
    }

    /// <summary>The place of the same buyer's next order.</summary>
    internal ref int After(int place)
    {
        if (place > 0)
        {
            return ref _buyers[place - 1].Second;
        }

        return ref _further[-place - 1].Next;
    }

    private void Add(ReadOnlySpan<byte> buyer, uint hash, HeldOrder order)
    {
        var place = Find(buyer, hash);
        if (place == NoOrder)
        {
            _buyers.Add(new Buyer { Hash = hash, Id = _ids.Add(buyer), First = order });
            return;
        }

        while (After(place) != NoOrder)
        {
            place = After(place);
        }

        _further.Add(new FurtherOrder { Order = order });
        After(place) = -_further.Count;
    }

    private int Find(BuyerId buyer, OrderKey order)
    {
        var place = Find(buyer.Utf8, HashOf(buyer));
        while (place != NoOrder && OrderAt(place).Key != order)
        {
            place = After(place);
        }

        return place;
    }

    /// <summary>The place of the buyer's first order.</summary>
    private int Find(ReadOnlySpan<byte> buyer, uint hash)
    {
        for (var at = _buyers.First(hash); at >= 0; at = _buyers.Next(at))
        {
            if (_buyers[at].Hash == hash && _ids.Get(_buyers[at].Id).SequenceEqual(buyer))
            {
                return at + 1;
            }
        }

        return NoOrder;
    }

    private static uint HashOf(BuyerId buyer) => (uint)buyer.GetHashCode();

    private static uint HashOf(ReadOnlySpan<byte> buyer) => (uint)BuyerId.HashOf(buyer);

    private struct Buyer : IChained
    {
        public HeldOrder First;
        public int Second;
        public int Id;

        public uint Hash { readonly get; init; }

        public int Link { readonly get; set; }
    }

    private struct FurtherOrder
    {
        public HeldOrder Order;
        public int Next;
    }
}
