namespace Doorbuster.Simulation.Storage;

/// <summary>
/// The time of the store's server. Each look at it is a millisecond after the last at least: a world is so small and
/// quick that transactions would share theirs all the time, which those of a real server never do for one order.
/// </summary>
/// <param name="truth">The true time.</param>
internal sealed class StoreClock(TimeProvider truth) : TimeProvider
{
    private DateTimeOffset _last;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var (now, next) = (truth.GetUtcNow(), _last.AddMilliseconds(1));
        return _last = now > next ? now : next;
    }
}
