using System.Diagnostics;

namespace Doorbuster.Cli.Load;

/// <summary>
/// How long each claim took, from its due time to its final answer, every one kept: at four bytes a claim exact
/// percentiles of the largest crowd cost 20 MB, and no bucket hides the worst.
/// </summary>
internal sealed class Latencies(int claims)
{
    private readonly int[] _microseconds = new int[claims];

    /// <summary>Keeps what one claim took. Each claim is its own cell, so that connections do not meet here.</summary>
    public void Record(int claim, long dueAt, long doneAt)
    {
        var microseconds = (long)Stopwatch.GetElapsedTime(dueAt, doneAt).TotalMicroseconds;
        _microseconds[claim] = (int)Math.Clamp(microseconds, 0, int.MaxValue);
    }

    /// <summary>The figures, once every claim is recorded.</summary>
    public LatencyFigures Summarise()
    {
        var sorted = (int[])_microseconds.Clone();
        Array.Sort(sorted);
        return new LatencyFigures(At(sorted, 0.50), At(sorted, 0.95), At(sorted, 0.99), At(sorted, 1));
    }

    // Nearest rank: the least latency that at least this share of the claims did not exceed.
    private static double At(int[] sorted, double share)
    {
        var rank = Math.Max((int)Math.Ceiling(share * sorted.Length), 1);
        return sorted[rank - 1] / 1000.0;
    }
}

/// <summary>Latencies in milliseconds.</summary>
/// <param name="P50">Half of the claims took no longer.</param>
/// <param name="P95">95 of 100 took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
/// <param name="Max">None took longer.</param>
internal sealed record LatencyFigures(double P50, double P95, double P99, double Max);
