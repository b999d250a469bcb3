using System.Globalization;

namespace Doorbuster.Tests.Determinism;

/// <summary>What happened in a world, a line an event, by the world's own clock.</summary>
internal sealed class Trace(TimeProvider clock)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string line)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException($"On another thread: {line}");
        }

        var elapsed = (clock.GetUtcNow() - _start).TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
        _lines.Add($"{elapsed,8} {line}");
    }
}
