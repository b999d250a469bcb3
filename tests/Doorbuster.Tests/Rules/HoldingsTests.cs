using System.Text;
using Doorbuster.Reconciliation;
using Xunit;

namespace Doorbuster.Tests.Rules;

/// <summary>Who holds what, beside what random histories try of it (<c>HoldingsProperties</c>).</summary>
public sealed class HoldingsTests
{
    private static readonly BuyerId Anna = BuyerId.Parse("anna");
    private static readonly BuyerId Bert = BuyerId.Parse("bert");

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(600)]
    public void Orders_that_are_added_together_are_as_if_added_one_by_one(int count)
    {
        // Ids of many lengths, and some have two orders.
        var owners = Enumerable.Range(0, count).Select(i => i % 6 == 3 ? i - 3 : i)
            .Select(who => BuyerId.Parse(new string('b', 1 + (who % 7)) + who)).ToList();
        var (together, apart) = (new Holdings(), new Holdings());
        for (var i = 0; i < count; i++)
        {
            apart.Add(owners[i], Held(i));
        }

        Assert.Equal(count, AddAll(together, [.. owners.Select(owner => owner.ToString())]));

        Assert.Equal((count, owners.Distinct().Count()), (together.Orders, together.Buyers));
        Assert.Equal(apart.All(), together.All());
        Assert.All(owners, owner => Assert.Equal(Of(apart, owner), Of(together, owner)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    public void Where_an_id_is_none_those_before_it_are_added(int place)
    {
        var owners = Enumerable.Range(0, 400).Select(i => i == place ? "" : $"buyer-{i}").ToArray();
        var holdings = new Holdings();

        Assert.Equal(place, AddAll(holdings, owners));

        Assert.Equal(owners.Take(place), holdings.All().Select(one => one.Buyer.ToString()));
    }

    [Fact]
    public void Buyers_of_one_hash_are_two()
    {
        var (one, other) = OfOneHash();
        var holdings = new Holdings();

        holdings.Add(one, Held(1));
        holdings.Add(other, Held(2));

        Assert.Equal((2, 2), (holdings.Buyers, holdings.Orders));
        Assert.Equal([Held(1)], Of(holdings, one));
        Assert.Equal([Held(2)], Of(holdings, other));
    }

    [Fact]
    public void Units_are_taken_again_by_an_order_that_ended_and_under_a_higher_turn()
    {
        var holdings = new Holdings();
        holdings.Add(Anna, new HeldOrder(Key(1), 2, Turn: 3));

        Assert.Throws<ArgumentOutOfRangeException>(() => holdings.Hold(Anna, Key(1), units: 0, turn: 4));
        Assert.False(holdings.Hold(Bert, Key(1), 1, turn: 4));
        Assert.False(holdings.Hold(Anna, Key(2), 1, turn: 4));
        Assert.False(holdings.Hold(Anna, Key(1), 1, turn: 4));
        Assert.Equal(2, holdings.End(Anna, Key(1), turn: 3));
        Assert.False(holdings.Hold(Anna, Key(1), 1, turn: 2));
        Assert.False(holdings.Hold(Anna, Key(1), 1, turn: 3));
        Assert.Equal([new HeldOrder(Key(1), 0, Turn: 3)], Of(holdings, Anna));
        Assert.True(holdings.Hold(Anna, Key(1), 1, turn: 4));
        Assert.Equal([new HeldOrder(Key(1), 1, Turn: 4)], Of(holdings, Anna));
    }

    [Fact]
    public void Whoever_forgets_everyone_begins_anew()
    {
        var holdings = new Holdings();
        holdings.Add(Anna, Held(1));
        holdings.Add(Anna, Held(2));

        holdings.Clear();

        Assert.Equal((0, 0), (holdings.Buyers, holdings.Orders));
        Assert.Empty(holdings.All());
        holdings.Add(Bert, Held(3));
        holdings.Add(Bert, Held(4));
        Assert.Equal([(Bert, Held(3)), (Bert, Held(4))], holdings.All());
    }

    [Fact]
    public void A_copy_in_parts_ends_with_the_buyer_who_fills_the_part()
    {
        var holdings = new Holdings();
        foreach (var (buyer, order) in new[] { (Anna, 1), (Bert, 2), (Anna, 3) })
        {
            holdings.Add(buyer, Held(order));
        }

        var (copy, owners) = (new List<HeldOrder>(), default(Ownership));
        Assert.Equal(1, holdings.CopyOrders(0, orders: 2, copy, ref owners));
        Assert.Equal([Held(1), Held(3)], copy);
        Assert.Equal(2, holdings.CopyOrders(1, orders: 2, copy, ref owners));
        Assert.Equal([Held(1), Held(3), Held(2)], copy);
        Assert.Equal(3, owners.Orders);
    }

    private static int AddAll(Holdings holdings, IReadOnlyList<string> owners)
    {
        var ends = new int[owners.Count];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = (i == 0 ? 0 : ends[i - 1]) + owners[i].Length;
        }

        return holdings.AddAll(
            Encoding.UTF8.GetBytes(string.Concat(owners)), ends, [.. owners.Select((_, i) => Held(i))]);
    }

    private static HeldOrder[] Of(Holdings holdings, BuyerId buyer)
    {
        var orders = new List<HeldOrder>();
        foreach (var order in holdings.Of(buyer))
        {
            orders.Add(order);
        }

        return [.. orders];
    }

    private static HeldOrder Held(int order) => new(Key(order), 1 + (order % 3));

    private static OrderKey Key(int order) => new((ulong)order, 7);

    /// <summary>
    /// The hash has 32 bits and another key in every process: among some 100,000 ids two have the same.
    /// </summary>
    private static (BuyerId One, BuyerId Other) OfOneHash()
    {
        var met = new Dictionary<int, BuyerId>();
        for (var i = 0; i < 2_000_000; i++)
        {
            var buyer = BuyerId.Parse($"buyer-{i}");
            if (!met.TryAdd(buyer.GetHashCode(), buyer))
            {
                return (met[buyer.GetHashCode()], buyer);
            }
        }

        throw new InvalidOperationException("Two million ids had as many hashes.");
    }
}
