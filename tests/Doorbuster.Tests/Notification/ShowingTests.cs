using Doorbuster.Conformance;
using Doorbuster.Notification;
using Xunit;

namespace Doorbuster.Tests.Notification;

/// <summary>What is news to one who has seen a sale.</summary>
public sealed class ShowingTests
{
    private static readonly Showing Seen = new(
        Samples.Sale() with { Revision = 3 }, new StockView(2, 7, 5), SaleState.Open, Samples.Noon);

    private static readonly Showing Earlier = Seen with { At = Samples.Noon.AddSeconds(-1) };

    private static readonly Showing Later = Seen with { At = Samples.Noon.AddSeconds(1) };

    [Fact]
    public void What_was_seen_is_no_news() => Assert.All([Seen, Earlier, Later], same => Assert.False(IsNews(same)));

    [Fact]
    public void A_newer_word_of_the_gate_is_news_whenever_it_was_read()
    {
        Assert.True(IsNews(Earlier with { Stock = new StockView(2, 8, 4) }));
        Assert.True(IsNews(Earlier with { Stock = new StockView(3, 1, 5) }));
        Assert.False(IsNews(Later with { Stock = new StockView(2, 6, 6) }));
        Assert.False(IsNews(Later with { Stock = new StockView(1, 9, 6) }));
    }

    [Fact]
    public void Newer_terms_are_news_and_older_ones_are_not()
    {
        Assert.True(IsNews(Earlier with { Sale = Seen.Sale with { Revision = 4 } }));
        Assert.False(IsNews(Later with { Sale = Seen.Sale with { Revision = 2 } }));
    }

    [Fact]
    public void Another_state_is_news_where_it_was_read_later()
    {
        Assert.True(IsNews(Later with { State = SaleState.Closed }));
        Assert.False(IsNews(Earlier with { State = SaleState.Scheduled }));
    }

    [Fact]
    public void Terms_states_and_the_last_unit_are_urgent_and_numbers_are_not()
    {
        Assert.True((Seen with { Sale = Seen.Sale with { Revision = 4 } }).IsUrgentAfter(Seen));
        Assert.True((Seen with { State = SaleState.Closed }).IsUrgentAfter(Seen));
        var soldOut = Seen with { Stock = new StockView(2, 8, 0) };
        Assert.True(soldOut.IsUrgentAfter(Seen));
        Assert.False(Seen.IsUrgentAfter(soldOut));
        Assert.False((Seen with { Stock = new StockView(2, 8, 4) }).IsUrgentAfter(Seen));
    }

    private static bool IsNews(Showing showing) => showing.IsNewsAfter(Seen);
}
