using Doorbuster.Admission;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Admission;

public sealed class SoldOutMarkTests
{
    private static readonly Sale Sale = Samples.Sale(quantity: 100);
    private static readonly Claim Held = Samples.Claim(Sale, "holder");
    private static readonly Claim Stranger = Samples.Claim(Sale, "stranger");

    [Fact]
    public void While_units_are_left_everyone_goes_to_the_gate()
    {
        var mark = Mark(new StockView(1, 1, 1));

        Assert.False(Refuses(mark, Stranger));
    }

    [Fact]
    public void When_nothing_is_left_strangers_are_refused_and_holders_are_not()
    {
        var mark = Mark(new StockView(1, 1, 0));

        Assert.True(Refuses(mark, Stranger));
        Assert.False(Refuses(mark, Held));
    }

    [Fact]
    public void An_order_that_may_stand_is_never_hidden()
    {
        var mark = Mark(new StockView(1, 1, 1));
        mark.Add(Stranger.Order.Key, Stranger.Buyer);
        mark.See(new StockView(1, 2, 0));

        Assert.False(Refuses(mark, Stranger));
    }

    [Fact]
    public void Units_that_return_clear_it()
    {
        var mark = Mark(new StockView(1, 1, 0));
        mark.See(new StockView(1, 2, 3));

        Assert.False(Refuses(mark, Stranger));

        mark.See(new StockView(1, 3, 0));
        Assert.True(Refuses(mark, Stranger));
    }

    [Theory]
    [InlineData(2, 4, false, "an older version")]
    [InlineData(1, 9, false, "an older epoch, whatever its version")]
    [InlineData(2, 5, true, "the same word again")]
    [InlineData(2, 6, true, "a newer version")]
    [InlineData(3, 1, true, "a newer epoch, whatever its version")]
    public void An_older_word_of_the_gate_is_dropped(long epoch, long version, bool taken, string because)
    {
        var mark = Mark(new StockView(2, 5, 7));
        var said = new StockView(epoch, version, 0);

        mark.See(said);

        Assert.True(taken == ReferenceEquals(said, mark.View), because);
        Assert.Equal(taken, Refuses(mark, Stranger));
    }

    [Fact]
    public void A_listing_begins_with_what_its_gate_was_opened_with()
    {
        var holdings = new Holdings();
        var order = Samples.Order(Sale, "anna");
        holdings.Add(order.Buyer, new HeldOrder(order.Id.Key, 100));

        var listing = new Listing(new(Sale, 4, new Stock(100, 0, 100, 0, 9), 1, holdings));

        Assert.Equal(new StockView(4, 9, 0), listing.Mark.View);
        Assert.False(Refuses(listing.Mark, Samples.Claim(Sale, "anna")));
        Assert.True(Refuses(listing.Mark, Stranger));
    }

    [Fact]
    public void A_buyer_who_holds_an_order_is_told_so_under_any_key()
    {
        var mark = Mark(new StockView(1, 1, 0));

        Assert.False(Refuses(mark, Samples.Claim(Sale, "holder", "another key")));
    }

    [Fact]
    public void The_same_order_again_and_again_makes_it_no_larger()
    {
        var mark = Mark(new StockView(1, 1, 0));
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100_000; i++)
        {
            mark.Add(Held.Order.Key, Held.Buyer);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static SoldOutMark Mark(StockView view)
    {
        var holdings = new Holdings();
        holdings.Add(Held.Buyer, new HeldOrder(Held.Order.Key, 1));
        return new(view, holdings);
    }

    private static bool Refuses(SoldOutMark mark, Claim claim) => mark.Refuses(claim.Order.Key.Head, claim.Buyer);
}
