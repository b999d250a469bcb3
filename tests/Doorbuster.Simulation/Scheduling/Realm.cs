namespace Doorbuster.Simulation.Scheduling;

/// <summary>
/// Where continuations belong: to a node, or to the world around it. A realm that ends is a process that was killed:
/// whatever it still had to do, at whichever await, is never done.
/// </summary>
internal sealed class Realm(Agenda agenda, string name) : SynchronizationContext
{
    /// <summary>What the trace calls it.</summary>
    public string Name => name;

    /// <summary>Whether nothing of it runs any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Ends it.</summary>
    public void End() => IsOver = true;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => agenda.Post(this, d, state);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Whoever sends waits, and nobody here waits for another thread.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
