using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.Crowds;

/// <summary>Many calls that are all under way before the first is answered.</summary>
internal static class Rush
{
    /// <summary>Makes so many calls at once; each is given its number.</summary>
    public static async Task<IReadOnlyList<Answer>> AtOnceAsync(int calls, Func<int, Task<Answer>> call)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, calls).Select(async n =>
        {
            await start.Task;
            return await call(n);
        }).ToList();
        start.SetResult();
        return await Task.WhenAll(all);
    }
}
