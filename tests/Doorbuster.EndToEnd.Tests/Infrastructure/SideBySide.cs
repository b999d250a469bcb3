using Xunit;

namespace Doorbuster.EndToEnd.Tests.Infrastructure;

/// <summary>Cases that mostly wait, an audit for what may be in flight for example, and so can wait together.</summary>
internal static class SideBySide
{
    /// <summary>Runs every case at once, and fails with each case that failed.</summary>
    public static async Task RunAsync<T>(IReadOnlyCollection<T> cases, Func<T, Task> run)
    {
        var faults = await Task.WhenAll(cases.Select(async one =>
            (Case: one, Fault: await Record.ExceptionAsync(() => run(one)))));

        Assert.Empty(faults.Where(end => end.Fault is not null).Select(end => $"{end.Case}: {end.Fault}"));
    }
}
