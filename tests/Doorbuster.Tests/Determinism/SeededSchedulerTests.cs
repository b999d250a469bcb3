using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Determinism;

/// <summary>The scheduler that every deterministic test rests on, with a case for each way it can fail.</summary>
public sealed class SeededSchedulerTests
{
    private readonly VirtualTimeProvider _clock = new(Samples.Noon);

    [Fact]
    public void One_seed_is_one_order() => Assert.Equal(OrderOf(7), OrderOf(7));

    [Fact]
    public void Different_seeds_are_different_orders() =>
        Assert.True(Enumerable.Range(0, 20).Select(OrderOf).Distinct().Count() > 15);

    [Fact]
    public void Everything_runs_on_the_one_thread()
    {
        var thread = Environment.CurrentManagedThreadId;

        new SeededScheduler(1, _clock).Run(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            {
                await Task.Yield();
                await Task.Delay(TimeSpan.FromSeconds(i), _clock);
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
            }));
        });

        Assert.Null(SynchronizationContext.Current as SeededScheduler);
    }

    [Fact]
    public void Time_jumps_when_nothing_can_run()
    {
        new SeededScheduler(1, _clock).Run(() => Task.Delay(TimeSpan.FromDays(40), _clock));

        Assert.Equal(Samples.Noon.AddDays(40), _clock.GetUtcNow());
    }

    [Fact]
    public void Time_stands_still_while_something_can_run() =>
        new SeededScheduler(1, _clock).Run(async () =>
        {
            var later = Task.Delay(TimeSpan.FromSeconds(1), _clock);
            for (var i = 0; i < 100; i++)
            {
                await Task.Yield();
                Assert.False(later.IsCompleted);
            }

            await later;
        });

    [Fact]
    public void A_continuation_from_another_thread_fails_the_run() =>
        Fails("came from another thread", async () =>
        {
            var elsewhere = new TaskCompletionSource();
            var waiting = AwaitAsync(elsewhere.Task);
            new Thread(elsewhere.SetResult).Start();
            while (!waiting.IsCompleted)
            {
                await Task.Yield();
            }
        });

    [Fact]
    public void Work_that_leaves_the_thread_for_good_fails_the_run()
    {
        using var isJudged = new ManualResetEventSlim();
        Fails("Nothing can run", () => Task.Run(isJudged.Wait));
        isJudged.Set();
    }

    [Fact]
    public void Work_that_waits_for_itself_fails_the_run() =>
        Fails("Nothing can run", () => new TaskCompletionSource().Task);

    [Fact]
    public void A_fault_of_the_work_is_thrown_as_it_is()
    {
        var fault = Assert.Throws<FormatException>(() => new SeededScheduler(1, _clock).Run(async () =>
        {
            await Task.Yield();
            throw new FormatException("It broke.");
        }));

        Assert.Equal("It broke.", fault.Message);
    }

    private void Fails(string because, Func<Task> work)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => new SeededScheduler(1, _clock).Run(work));
        Assert.Matches(because, fault.Message);
    }

    private static async Task AwaitAsync(Task task) => await task;

    private static string OrderOf(int seed)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        var order = new List<int>();
        new SeededScheduler(seed, clock).Run(() => Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            await Task.Yield();
            order.Add(i);
            await Task.Delay(TimeSpan.FromSeconds(1), clock);
            order.Add(i);
        })));
        return string.Join(' ', order);
    }
}
