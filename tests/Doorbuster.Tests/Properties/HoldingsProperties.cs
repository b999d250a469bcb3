using Doorbuster.Reconciliation;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Doorbuster.Tests.Properties;

/// <summary>The book of who holds what against a dictionary of lists, over random histories.</summary>
public sealed class HoldingsProperties
{
    private const int Keys = 6;

    [Fact]
    public void It_tells_what_a_dictionary_of_lists_tells() =>
        Prop.ForAll(Arb.From(Histories()), Agrees).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void A_step_that_does_nothing_is_seen() =>
        Assert.ThrowsAny<Exception>(() =>
            Prop.ForAll(Arb.From(Histories()), steps => Agrees(steps, skipEnds: true))
                .Check(Config.QuickThrowOnFailure.WithMaxTest(400)));

    [Fact]
    public void Thousands_of_buyers_stay_who_they_are_in_the_order_in_which_they_came()
    {
        var holdings = new Holdings();
        var naive = new NaiveHoldings();
        for (var i = 0; i < 20_000; i++)
        {
            var buyer = Buyer(i);
            holdings.Add(buyer, new HeldOrder(Key(i), 1));
            naive.Add(buyer, new HeldOrder(Key(i), 1));
        }

        for (var i = 0; i < 20_000; i += 7)
        {
            holdings.Add(Buyer(i), new HeldOrder(Key(-i - 1), 2));
            naive.Add(Buyer(i), new HeldOrder(Key(-i - 1), 2));
        }

        Assert.Equal(naive.All(), holdings.All());
        Assert.Equal(naive.All().Select(held => held.Order), Copy(holdings, 1_000));
        Assert.Equal(20_000, holdings.Buyers);
        Assert.All(naive.All(), held => Assert.True(holdings.Of(held.Buyer).TryFind(held.Order.Key, out _)));
        Assert.Equal(0, holdings.Of(Buyer(20_000)).Count);
    }

    [Fact]
    public void Orders_added_together_are_those_added_one_by_one()
    {
        var (together, oneByOne) = (new Holdings(1_000), new Holdings());
        var (ids, ends, orders) = (new List<byte>(), new List<int>(), new List<HeldOrder>());
        for (var i = 0; i < 3_000; i++)
        {
            ids.AddRange(Buyer(i * i % 1_000).Utf8);
            ends.Add(ids.Count);
            orders.Add(new HeldOrder(Key(i), i % 3, i % 2));
            oneByOne.Add(Buyer(i * i % 1_000), orders[i]);
        }

        Assert.Equal(3_000, together.AddAll([.. ids], [.. ends], [.. orders]));

        Assert.Equal(oneByOne.All(), together.All());
    }

    [Fact]
    public void Orders_are_added_together_up_to_a_buyer_whose_id_is_none()
    {
        var holdings = new Holdings();
        var orders = Enumerable.Repeat(new HeldOrder(Key(1), 1), 4).ToArray();

        Assert.Equal(2, holdings.AddAll("ab\nd"u8, [1, 2, 3, 4], orders));

        Assert.Equal(["a", "b"], holdings.All().Select(held => held.Buyer.ToString()));
    }

    private static bool Agrees(IReadOnlyList<Step> steps) => Agrees(steps, skipEnds: false);

    private static bool Agrees(IReadOnlyList<Step> steps, bool skipEnds)
    {
        var holdings = new Holdings();
        var naive = new NaiveHoldings();
        return steps.All(step => Do(step, holdings, naive, skipEnds))
            && holdings.All().SequenceEqual(naive.All())
            && Copy(holdings, 3).SequenceEqual(naive.All().Select(held => held.Order))
            && Borrowed(holdings).SequenceEqual(naive.All().Reverse().Select(held => held.Order.Key).Order(ByBits));
    }

    private static bool Do(Step step, Holdings holdings, NaiveHoldings naive, bool skipEnds)
    {
        var buyer = Buyer(step.Buyer);
        var key = Key((step.Buyer * Keys) + step.Key);
        switch (step.What)
        {
            case Doing.Add when naive.Find(buyer, key) is null:
                naive.Add(buyer, new HeldOrder(key, step.Units, step.Turn));
                holdings.Add(buyer, new HeldOrder(key, step.Units, step.Turn));
                return true;
            case Doing.End:
                return naive.End(buyer, key, step.Turn) == (skipEnds ? 0 : holdings.End(buyer, key, step.Turn));
            case Doing.Hold:
                return naive.Hold(buyer, key, step.Units, step.Turn)
                    == holdings.Hold(buyer, key, step.Units, step.Turn);
            case Doing.Clear:
                naive.Clear();
                holdings.Clear();
                return holdings.Buyers == 0;
            default:
                var mine = naive.All().Where(held => held.Buyer == buyer).Select(held => held.Order).ToList();
                var told = holdings.Of(buyer);
                return told.Count == mine.Count
                    && told.Held == mine.Sum(order => order.Quantity)
                    && told.TryFind(key, out var found) == mine.Any(order => order.Key == key)
                    && found == mine.SingleOrDefault(order => order.Key == key);
        }
    }

    /// <summary>Every order, copied a few at a time.</summary>
    private static List<HeldOrder> Copy(Holdings holdings, int atOnce)
    {
        var copy = new List<HeldOrder>();
        var owners = default(Ownership);
        for (var buyer = 0; buyer < holdings.Buyers;)
        {
            var next = holdings.CopyOrders(buyer, atOnce, copy, ref owners);
            Assert.True(next > buyer, "Nothing was copied.");
            buyer = next;
        }

        Assert.Equal((holdings.Orders, holdings.Orders), (copy.Count, (int)owners.Orders));
        return copy;
    }

    /// <summary>The keys of a book into which every buyer was borrowed twice, last buyer first.</summary>
    private static IEnumerable<OrderKey> Borrowed(Holdings holdings)
    {
        var copy = new Holdings();
        foreach (var (buyer, _) in holdings.All().Reverse())
        {
            copy.Borrow(buyer, holdings);
            copy.Borrow(buyer, holdings);
        }

        return copy.All().Select(held => held.Order.Key).Order(ByBits);
    }

    private static Comparer<OrderKey> ByBits => Comparer<OrderKey>.Create((a, b) => a.High.CompareTo(b.High));

    /// <summary>Ids of every length there is.</summary>
    private static BuyerId Buyer(int no) =>
        BuyerId.Parse($"{no}-".PadRight(8 + (no * 37 % (BuyerId.MaxBytes - 7)), 'x'));

    private static OrderKey Key(int no) => new((ulong)no, 0);

    private static Gen<IReadOnlyList<Step>> Histories() =>
        from length in Gen.Choose(0, 400)
        from steps in Steps().ListOf(length)
        select (IReadOnlyList<Step>)[.. steps];

    private static Gen<Step> Steps() =>
        from what in Gen.Frequency(
            (200, Gen.Constant(Doing.Add)), (100, Gen.Constant(Doing.End)), (100, Gen.Constant(Doing.Hold)),
            (100, Gen.Constant(Doing.Look)), (1, Gen.Constant(Doing.Clear)))
        from buyer in Gen.Choose(0, 40)
        from key in Gen.Choose(0, Keys - 1)
        from units in Gen.Choose(1, 4)
        from turn in Gen.Choose(0, 3)
        select new Step(what, buyer, key, units, turn);

    private enum Doing
    {
        Add,
        End,
        Hold,
        Look,
        Clear,
    }

    private sealed record Step(Doing What, int Buyer, int Key, int Units, int Turn);
}
