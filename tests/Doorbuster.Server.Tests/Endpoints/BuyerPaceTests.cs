using Doorbuster.AspNetCore;
using Doorbuster.AspNetCore.Endpoints;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Server.Tests.Endpoints;

/// <summary>So many purchase tokens a buyer and minute, by a clock that the tests turn.</summary>
public sealed class BuyerPaceTests
{
    private static readonly BuyerId Anna = BuyerId.Parse("anna");
    private static readonly BuyerId Bert = BuyerId.Parse("bert");

    private readonly VirtualTimeProvider _clock = new(Samples.Noon.AddSeconds(15));

    [Fact]
    public void A_buyer_has_so_many_a_minute_and_is_told_how_long_to_wait()
    {
        var pace = Pace(perMinute: 3);

        Assert.Equal(3, Allowed(pace, of: 10));

        Assert.False(pace.Allows(Anna, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(45), wait);
    }

    [Fact]
    public void After_the_wait_the_buyer_has_as_many_again()
    {
        var pace = Pace(perMinute: 2);
        for (var minute = 0; minute < 5; minute++)
        {
            Assert.True(pace.Allows(Anna, out _));
            Assert.True(pace.Allows(Anna, out _));
            Assert.False(pace.Allows(Anna, out var wait));

            _clock.Advance(wait - TimeSpan.FromMilliseconds(1));
            Assert.False(pace.Allows(Anna, out _));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public void One_buyer_is_never_refused_for_what_others_did()
    {
        // Far more buyers than places: those who share one are let through uncounted, but none is refused a first.
        var pace = Pace(perMinute: 1, places: 1_024);

        for (var n = 0; n < 10_000; n++)
        {
            Assert.True(pace.Allows(BuyerId.Parse($"buyer-{n}"), out _));
        }
    }

    [Fact]
    public void Nearly_all_buyers_are_counted_where_there_are_places_enough()
    {
        var pace = Pace(perMinute: 1, places: 65_536);
        var buyers = Enumerable.Range(0, 1_000).Select(n => BuyerId.Parse($"buyer-{n}")).ToList();
        buyers.ForEach(buyer => pace.Allows(buyer, out _));

        Assert.InRange(buyers.Count(buyer => !pace.Allows(buyer, out _)), 950, 1_000);
    }

    [Fact]
    public void What_one_buyer_did_is_not_counted_against_another()
    {
        var pace = Pace(perMinute: 1, places: 65_536);

        Assert.True(pace.Allows(Anna, out _));
        Assert.True(pace.Allows(Bert, out _));
        Assert.False(pace.Allows(Anna, out _));
    }

    [Fact]
    public async Task Many_at_once_get_no_more_than_one_by_one()
    {
        var pace = Pace(perMinute: 100);
        using var together = new Barrier(4);

        var allowed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            together.SignalAndWait();
            return Allowed(pace, of: 1_000);
        })));

        Assert.Equal(100, allowed.Sum());
    }

    [Fact]
    public void The_most_that_can_be_set_is_counted_to()
    {
        var pace = Pace(perMinute: 1_000);

        Assert.Equal(1_000, Allowed(pace, of: 3_000));
    }

    private static int Allowed(BuyerPace pace, int of)
    {
        var allowed = 0;
        for (var n = 0; n < of; n++)
        {
            allowed += pace.Allows(Anna, out _) ? 1 : 0;
        }

        return allowed;
    }

    private BuyerPace Pace(int perMinute, int places = 1_024) => new(
        new PurchaseTokenOptions { PerBuyerPerMinute = perMinute, CountedBuyers = places },
        _clock,
        RandomSource.System);
}
