using System.Diagnostics;

namespace Doorbuster.Servers;

/// <summary>Waits for a condition by looking again and again; no other file sleeps.</summary>
public static class Waiting
{
    /// <summary>What a loaded machine may take for anything that usually takes a moment.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until something holds.</summary>
    /// <param name="what">What is waited for, to follow "waited in vain until".</param>
    /// <param name="holds">Looks; it must be cheap.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds:0} s in vain until {what}.");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until something holds.</summary>
    /// <param name="what">What is waited for, to follow "waited in vain until".</param>
    /// <param name="holds">Looks; it must be cheap.</param>
    public static Task UntilAsync(string what, Func<bool> holds) => UntilAsync(what, () => Task.FromResult(holds()));
}
