using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Determinism;

public sealed class VirtualTimeProviderTests
{
    private static readonly TimeSpan Once = Timeout.InfiniteTimeSpan;

    private readonly VirtualTimeProvider _clock = new(Samples.Noon);

    [Fact]
    public void Time_passes_only_when_it_is_told_to()
    {
        Assert.Equal(Samples.Noon, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Samples.Noon.AddHours(1), _clock.GetUtcNow());
    }

    [Fact]
    public void Timestamps_measure_the_time_that_passed_and_are_no_ticks()
    {
        var before = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(1_500));

        Assert.Equal(1_500, _clock.GetElapsedTime(before).TotalMilliseconds, 2);
        Assert.NotEqual(TimeSpan.FromMilliseconds(1_500).Ticks, _clock.GetTimestamp() - before);
    }

    [Fact]
    public void Timers_fire_at_their_own_moments_in_order()
    {
        var fired = new List<string>();
        using var late = _clock.CreateTimer(_ => fired.Add($"late {Seconds()}"), null, In(5), Once);
        using var early = _clock.CreateTimer(_ => fired.Add($"early {Seconds()}"), null, In(2), Once);
        using var tick = _clock.CreateTimer(_ => fired.Add($"tick {Seconds()}"), null, In(2), In(2));

        _clock.Advance(In(1));
        Assert.Empty(fired);

        _clock.Advance(In(5));
        Assert.Equal(["early 2", "tick 2", "tick 4", "late 5", "tick 6"], fired);
    }

    [Fact]
    public void A_timer_that_is_changed_or_disposed_fires_no_more_as_it_was_set()
    {
        var fired = 0;
        var timer = _clock.CreateTimer(_ => fired++, null, In(1), Once);
        Assert.True(timer.Change(In(3), Once));
        _clock.Advance(In(2));
        Assert.Equal(0, fired);

        timer.Dispose();
        _clock.Advance(In(2));
        Assert.Equal(0, fired);
        Assert.False(timer.Change(In(1), Once));
    }

    [Fact]
    public void A_jump_runs_nothing_and_names_what_is_due()
    {
        var fired = 0;
        using var one = _clock.CreateTimer(_ => fired++, null, In(3), Once);
        using var two = _clock.CreateTimer(_ => fired++, null, In(3), Once);

        var due = _clock.JumpToNextTimer();

        Assert.Equal((2, 0, Samples.Noon.AddSeconds(3)), (due.Count, fired, _clock.GetUtcNow()));
        Assert.Empty(_clock.JumpToNextTimer());
    }

    private int Seconds() => (int)(_clock.GetUtcNow() - Samples.Noon).TotalSeconds;

    private static TimeSpan In(int seconds) => TimeSpan.FromSeconds(seconds);
}
