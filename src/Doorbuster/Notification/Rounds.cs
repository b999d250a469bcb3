namespace Doorbuster.Notification;

/// <summary>
/// Goes from sale to sale, compares what each shows with what its watchers were last told, and tells them what is new.
/// </summary>
/// <param name="catalog">Where the sales are.</param>
/// <param name="limits">How many messages a second there may be.</param>
/// <param name="clock">The time.</param>
internal sealed class Rounds(Catalog catalog, Limits limits, TimeProvider clock)
{
    /// <summary>How many watchers of a sale are told at once, and the time until the next so many are.</summary>
    private const int AtOnce = 256;

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);

    // Parts of the heartbeat's period, counted from the clock's own beginning.
    private long _beat;

    /// <summary>Begins after a time in which nobody watched.</summary>
    public void Begin() => _beat = Beat();

    /// <summary>Goes once.</summary>
    /// <param name="audiences">The sales that are watched.</param>
    /// <param name="watchers">How many watch, in all.</param>
    /// <param name="isOverdue">Whether those who are still here have had their time to leave.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask GoAsync(
        Audience[] audiences, int watchers, bool isOverdue, CancellationToken cancellationToken)
    {
        var last = _beat;
        _beat = Beat();
        var firstBeat = (int)((last + 1) % Round.Beats);
        var round = new Round(
            clock.GetUtcNow(), firstBeat, (int)Math.Min(Round.Beats, _beat - last), isOverdue);

        // What all watchers together are told of stocks in a second is bounded: the more there are, the longer a mere
        // number waits. What is urgent does not.
        var patience = TimeSpan.FromSeconds((double)watchers / limits.WatcherMessagesPerSecond);
        foreach (var audience in audiences)
        {
            if (catalog.TryFind(audience.Sale.ToString(), out var listing)
                && audience.News(Showing.Of(listing, round.Now), patience, clock) is { } news)
            {
                await TellAsync(round, audience, news, cancellationToken);
            }
            else
            {
                audience.Tell(round, news: null, int.MaxValue, int.MaxValue);
            }
        }

        round.CutTheSlow();
    }

    /// <summary>
    /// Tells a crowd bit by bit: each message is work for the processors that claims need too, and thousands at once
    /// would let every claim wait until the last is sent.
    /// </summary>
    private async ValueTask TellAsync(
        Round round, Audience audience, LiveMessage news, CancellationToken cancellationToken)
    {
        var left = audience.Tell(round, news, int.MaxValue, AtOnce);
        while (left > 0)
        {
            await Task.Delay(Breath, clock, cancellationToken);
            left = audience.Tell(round, news, left, AtOnce);
        }
    }

    private long Beat() => (long)(clock.GetElapsedTime(0) / (LiveFeed.HeartbeatPeriod / Round.Beats));
}
