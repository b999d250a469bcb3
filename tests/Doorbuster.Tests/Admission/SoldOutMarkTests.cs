using Doorbuster.Admission;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Admission;

public sealed class SoldOutMarkTests
{
    private static readonly Sale Sale = Samples.Sale(quantity: 100);
    private static readonly OrderKey Held = Key("holder");
    private static readonly OrderKey Stranger = Key("stranger");

    [Fact]
    public void While_units_are_left_everyone_goes_to_the_gate()
    {
        var mark = Mark(new StockView(1, 1, 1));

        Assert.False(mark.Refuses(Stranger.Head));
    }

    [Fact]
    public void When_nothing_is_left_strangers_are_refused_and_holders_are_not()
    {
        var mark = Mark(new StockView(1, 1, 0));

        Assert.True(mark.Refuses(Stranger.Head));
        Assert.False(mark.Refuses(Held.Head));
    }

    [Fact]
    public void An_order_that_may_stand_is_never_hidden()
    {
        var mark = Mark(new StockView(1, 1, 1));
        mark.Add(Stranger);
        mark.See(new StockView(1, 2, 0));

        Assert.False(mark.Refuses(Stranger.Head));
    }

    [Fact]
    public void Units_that_return_clear_it()
    {
        var mark = Mark(new StockView(1, 1, 0));
        mark.See(new StockView(1, 2, 3));

        Assert.False(mark.Refuses(Stranger.Head));

        mark.See(new StockView(1, 3, 0));
        Assert.True(mark.Refuses(Stranger.Head));
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
        Assert.Equal(taken, mark.Refuses(Stranger.Head));
    }

    [Fact]
    public void A_listing_begins_with_what_its_gate_was_opened_with()
    {
        var holdings = new Holdings();
        var order = Samples.Order(Sale, "anna");
        holdings.Add(order.Buyer, new HeldOrder(order.Id.Key, 100));

        var listing = new Listing(new(Sale, 4, new Stock(100, 0, 100, 0, 9), 1, holdings));

        Assert.Equal(new StockView(4, 9, 0), listing.Mark.View);
        Assert.False(listing.Mark.Refuses(order.Id.Key.Head));
        Assert.True(listing.Mark.Refuses(Stranger.Head));
    }

    private static SoldOutMark Mark(StockView view) => new(view, [Held]);

    private static OrderKey Key(string buyer) => Samples.Claim(Sale, buyer).Order.Key;
}
