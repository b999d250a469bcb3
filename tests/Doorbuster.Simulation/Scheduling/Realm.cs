namespace Doorbuster.Simulation.Scheduling;

/// <summary>
/// Where continuations belong: to a node, or to the world around it. A realm that ends is a process that was killed:
/// whatever it still had to do, at whichever await, is never done.
/// </summary>
internal sealed class Realm(Agenda agenda, string name) : SynchronizationContext
{
    private List<(SendOrPostCallback Work, object? State)>? _held;

    /// <summary>What the trace calls it.</summary>
    public string Name => name;

    /// <summary>Whether nothing of it runs any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Ends it.</summary>
    public void End() => IsOver = true;

    /// <summary>Has it stand still: nothing of it runs until it is let go.</summary>
    public void Hold() => _held ??= [];

    /// <summary>Lets it go on with all that has come meanwhile.</summary>
    public void LetGo()
    {
        var held = _held ?? [];
        _held = null;
        held.ForEach(one => Post(one.Work, one.State));
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_held is null)
        {
            agenda.Post(this, d, state);
        }
        else
        {
            _held.Add((d, state));
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Whoever sends waits, and nobody here waits for another thread.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
