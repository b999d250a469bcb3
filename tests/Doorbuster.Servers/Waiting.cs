using System.Diagnostics;

namespace Doorbuster.Servers;

/// <summary>Waits for a condition by looking again and again; no other file sleeps.</summary>
public static class Waiting
{
    /// <summary>What a loaded machine may take for anything that usually takes a moment.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The same for the SDK, which restores and compiles.</summary>
    public static readonly TimeSpan PatienceWithBuilds = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until something holds.</summary>
    /// <param name="what">What is waited for, to follow "waited in vain until".</param>
    /// <param name="holds">Looks; it must be cheap.</param>
    /// <param name="patience">How long; <see cref="Patience"/> where not given.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds, TimeSpan? patience = null)
    {
        var limit = patience ?? Patience;
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain until {what}.");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until something holds.</summary>
    /// <param name="what">What is waited for, to follow "waited in vain until".</param>
    /// <param name="holds">Looks; it must be cheap.</param>
    /// <param name="patience">How long; <see cref="Patience"/> where not given.</param>
    public static Task UntilAsync(string what, Func<bool> holds, TimeSpan? patience = null) =>
        UntilAsync(what, () => Task.FromResult(holds()), patience);

    /// <summary>Looks again and again for so long, and fails as soon as something does not hold.</summary>
    /// <param name="what">What must hold, to follow "it did not hold that".</param>
    /// <param name="holds">Looks; it must be cheap.</param>
    /// <param name="time">How long.</param>
    public static async Task WhileAsync(string what, Func<Task<bool>> holds, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            if (!await holds())
            {
                throw new InvalidOperationException($"It did not hold that {what}.");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>
    /// Waits as a client does before it comes back: as long as it was told, and longer after each failure in a row.
    /// </summary>
    /// <param name="told">What it was told.</param>
    /// <param name="failures">How often it has come in vain.</param>
    public static Task ForComebackAsync(TimeSpan told, int failures) =>
        Task.Delay(told * Math.Pow(2, Math.Min(failures, 3)));
}
