namespace Doorbuster.Comparison.Load;

/// <summary>Something that happens once so many buyers were told yes, while the crowd goes on.</summary>
/// <param name="yes">So many; where they never were, it does not happen.</param>
/// <param name="act">What happens.</param>
internal sealed class Milestone(int yes, Func<Task> act)
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once it has happened, or failed; never where it was not reached.</summary>
    public Task Happened => _happened.Task;

    /// <summary>Whether it was reached.</summary>
    public bool IsReached { get; private set; }

    /// <summary>Notes how many were told yes; each number comes once.</summary>
    public void Reach(int count)
    {
        if (count == yes)
        {
            IsReached = true;

            // Not on the thread of the buyer who was told, whose next click would wait for it.
            _ = Task.Run(HappenAsync);
        }
    }

    private async Task HappenAsync()
    {
        try
        {
            await act();
            _happened.SetResult();
        }
        catch (Exception failure)
        {
            _happened.SetException(failure);
        }
    }
}
