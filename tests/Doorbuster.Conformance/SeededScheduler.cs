namespace Doorbuster.Conformance;

/// <summary>
/// Runs asynchronous code on one thread in an order drawn from a seed: every continuation comes here, and which of them
/// runs next is drawn. When none can run, the virtual time jumps to the next timer. So one seed is one history.
/// </summary>
/// <remarks>
/// Invariant: nothing but the thread inside <see cref="Run"/> runs a continuation. One that was posted from another
/// thread has left the schedule already, and fails the run. Tests: <c>SeededSchedulerTests</c>.
/// </remarks>
/// <param name="seed">Determines the order.</param>
/// <param name="clock">The time, which moves only here.</param>
public sealed class SeededScheduler(int seed, VirtualTimeProvider clock) : SynchronizationContext
{
    private readonly Lock _lock = new();
    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];

    // No secret: a seed must repeat the same order on every machine.
    private readonly Random _random = new(seed);
    private int _owner;
    private volatile bool _escaped;

    /// <summary>Runs the work, and everything it starts, until the work ends.</summary>
    /// <exception cref="InvalidOperationException">
    /// A continuation came from another thread, or nothing can run any more and the work has not ended.
    /// </exception>
    public void Run(Func<Task> work)
    {
        var outside = Current;
        _owner = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            var running = work();
            while (!running.IsCompleted)
            {
                RunNext();
            }

            ThrowIfEscaped();
            running.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outside);
        }
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        _escaped |= Environment.CurrentManagedThreadId != _owner;
        lock (_lock)
        {
            _ready.Add((d, state));
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        _escaped |= Environment.CurrentManagedThreadId != _owner;
        ThrowIfEscaped();
        d(state);
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    private void RunNext()
    {
        ThrowIfEscaped();
        if (TryDraw() is { } next)
        {
            next.Callback(next.State);
            return;
        }

        var due = clock.JumpToNextTimer();
        if (due.Count == 0)
        {
            ThrowIfEscaped();
            throw new InvalidOperationException(
                "Nothing can run and no timer is set: the work waits for itself, or has left this thread.");
        }

        foreach (var callback in due)
        {
            Post(static state => ((Action)state!)(), callback);
        }
    }

    private (SendOrPostCallback Callback, object? State)? TryDraw()
    {
        lock (_lock)
        {
            if (_ready.Count == 0)
            {
                return null;
            }

            var place = _random.Next(_ready.Count);
            var drawn = _ready[place];
            _ready[place] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            return drawn;
        }
    }

    private void ThrowIfEscaped()
    {
        if (_escaped)
        {
            throw new InvalidOperationException("A continuation came from another thread: the run cannot be repeated.");
        }
    }
}
