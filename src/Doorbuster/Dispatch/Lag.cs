namespace Doorbuster.Dispatch;

/// <summary>
/// How far a node is behind: what it has taken of the claim log, and not yet brought to stand. Any number of its loops
/// use it at once.
/// </summary>
/// <param name="clock">The time, which may differ from the gate's by as much as machines do.</param>
public sealed class Lag(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, DateTimeOffset> _oldest = [];
    private long _last;

    /// <summary>For how long the oldest admitted claim in its hands has waited; nothing where its hands are empty.
    /// </summary>
    public TimeSpan Now
    {
        get
        {
            lock (_lock)
            {
                var lag = _oldest.Count == 0 ? TimeSpan.Zero : clock.GetUtcNow() - _oldest.Values.Min();
                return lag > TimeSpan.Zero ? lag : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Takes entries, at least one, in hand.</summary>
    /// <returns>What <see cref="Leave"/> is given once they are out of it.</returns>
    public long Take(IReadOnlyList<AdmittedBatch> entries)
    {
        var oldest = entries.Min(entry => entry.AdmittedAt);
        lock (_lock)
        {
            _oldest[++_last] = oldest;
            return _last;
        }
    }

    /// <summary>They stand, or are another's.</summary>
    public void Leave(long taken)
    {
        lock (_lock)
        {
            _oldest.Remove(taken);
        }
    }
}
