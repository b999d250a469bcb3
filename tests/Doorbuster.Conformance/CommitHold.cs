namespace Doorbuster.Conformance;

/// <summary>Holds the commits of a <see cref="FaultyLedger"/> before they begin, until they are let go.</summary>
public sealed class CommitHold
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once a commit waits here.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets every commit go.</summary>
    public void Release() => _released.TrySetResult();

    internal Task PassAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }
}
