using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.Faults;

/// <summary>strace, attached to a running process with all its threads.</summary>
internal sealed class Tracer : IAsyncDisposable
{
    private const int SigInterrupt = 2;

    private readonly Child _strace;

    private Tracer(Child strace) => _strace = strace;

    /// <summary>Attaches, and returns once every system call from then on is seen.</summary>
    public static async Task<Tracer> AttachAsync(int processId, params string[] arguments)
    {
        var strace = Child.Start(
            "strace", ["--follow-forks", "--attach", $"{processId}", .. arguments], Path.GetTempPath());
        try
        {
            await Waiting.UntilAsync(
                "strace was attached", () => strace.HasExited || strace.Errors.Contains(" attached"));
            return strace.HasExited
                ? throw new InvalidOperationException($"strace did not attach; it needs ptrace. {strace}")
                : new Tracer(strace);
        }
        catch
        {
            await strace.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the process go, and waits until all that was seen is written.</summary>
    public async Task DetachAsync()
    {
        _strace.Signal(SigInterrupt);
        await _strace.ExitAsync();
    }

    public ValueTask DisposeAsync() => _strace.DisposeAsync();
}
