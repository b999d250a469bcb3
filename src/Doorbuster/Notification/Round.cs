namespace Doorbuster.Notification;

/// <summary>One look at all sales that are watched.</summary>
/// <param name="now">When it began.</param>
/// <param name="firstBeat">The first part of the heartbeat's period that has come since the last round.</param>
/// <param name="beats">How many parts have come.</param>
/// <param name="isOverdue">Whether those who are still here have had their time to leave.</param>
internal sealed class Round(DateTimeOffset now, int firstBeat, int beats, bool isOverdue)
{
    /// <summary>The parts of the heartbeat's period, one of which is each watcher's.</summary>
    public const int Beats = 60;

    private readonly LiveMessage.Heartbeat _heartbeat = new(now);
    private readonly List<Watcher> _slow = [];

    /// <summary>When it began.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Tells a watcher what is new, and where its turn has come that the connection lives.</summary>
    public void Tell(Watcher watcher, LiveMessage? news)
    {
        if (news is not null)
        {
            watcher.Offer(news);
        }

        if ((watcher.Beat - firstBeat + Beats) % Beats < beats)
        {
            watcher.OfferHeartbeat(_heartbeat);
        }

        if (isOverdue || watcher.End == WatchEnd.TooSlow)
        {
            _slow.Add(watcher);
        }
    }

    /// <summary>Cuts the connections of those who did not keep up, or did not leave.</summary>
    public void CutTheSlow() => _slow.ForEach(watcher => watcher.Cut());
}
