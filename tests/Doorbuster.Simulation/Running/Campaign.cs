using System.Diagnostics;

namespace Doorbuster.Simulation.Running;

/// <summary>Runs many seeds, one thread a seed, until all are run, one breaks a law, or the time is over.</summary>
/// <param name="first">The first seed.</param>
/// <param name="count">How many.</param>
/// <param name="threads">Seeds at a time.</param>
/// <param name="kind">The kind of every world; each seed draws its own where null.</param>
internal sealed class Campaign(ulong first, ulong count, int threads, WorldKind? kind = null)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeSpan _before = Environment.CpuUsage.UserTime;
    private readonly Lock _lock = new();
    private long _next;
    private (long Seeds, TimeSpan Computed)? _half;
    private volatile bool _isOver;

    /// <summary>What happened so far.</summary>
    public Tally Tally { get; } = new();

    /// <summary>Time since it began.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Time that processors have worked for it; other work of this process counts too.</summary>
    public TimeSpan Computed => Environment.CpuUsage.UserTime - _before;

    /// <summary>
    /// Seeds a second of a processor in the second half of them, when nearly all is compiled that will be; null where
    /// it was over before.
    /// </summary>
    public double? Pace { get; private set; }

    /// <summary>The broken world of the lowest seed; null where there is none.</summary>
    public RunResult? Broken { get; private set; }

    /// <summary>Runs them.</summary>
    /// <param name="longest">When to stop; null for never.</param>
    /// <param name="progress">Told every two seconds how far it is.</param>
    public void Run(TimeSpan? longest, Action<Campaign>? progress)
    {
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work)).ToArray();
        Array.ForEach(workers, worker => worker.Start());
        foreach (var worker in workers)
        {
            while (!worker.Join(TimeSpan.FromSeconds(2)))
            {
                progress?.Invoke(this);
                _isOver |= _clock.Elapsed > longest;
            }
        }

        _clock.Stop();
        if (_half is var (seeds, computed) && Tally.Seeds > seeds)
        {
            Pace = (Tally.Seeds - seeds) / (Computed - computed).TotalSeconds;
        }
    }

    private void Work()
    {
        while (!_isOver && Interlocked.Increment(ref _next) - 1 is var no && (ulong)no < count)
        {
            var seed = first + (ulong)no;
            var result = World.Run(seed, kind ?? World.KindOf(seed));
            Tally.Add(result);
            if ((ulong)no == count / 2)
            {
                _half = (Tally.Seeds, Computed);
            }

            if (result.Broken is not null)
            {
                _isOver = true;
                lock (_lock)
                {
                    Broken = Broken is null || result.Seed < Broken.Seed ? result : Broken;
                }
            }
        }
    }
}
