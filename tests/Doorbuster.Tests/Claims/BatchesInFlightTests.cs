using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Claims;

/// <summary>A lane whose gate queues what it admits has several batches there at once.</summary>
public sealed class BatchesInFlightTests
{
    private const int InFlight = 3;

    private readonly ScriptedGate _gate = new();
    private readonly List<TaskCompletionSource> _atGate = [];
    private readonly Listing _listing =
        new(new GateSnapshot(Samples.Sale(), 1, new Stock(10, 10, 0, 0, 1), 0, new Holdings()));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public BatchesInFlightTests() => _gate.During = () =>
    {
        var leave = new TaskCompletionSource();
        _atGate.Add(leave);
        return leave.Task;
    };

    [Fact]
    public void Batches_go_to_the_gate_in_order_and_no_more_at_once_than_allowed() => Run(async (lane, clock) =>
    {
        Task<ClaimAnswer>[] answers = [.. Enumerable.Range(0, 5).Select(i => ClaimAsync(lane, $"buyer-{i}"))];
        var running = lane.RunAsync(Cancel);
        await Task.Delay(TimeSpan.FromSeconds(1), clock);

        Assert.Equal(InFlight, _atGate.Count);
        Assert.Equal(2, lane.Depth);

        // The second batch is answered before the first, and makes room for the next one.
        _atGate[1].SetResult();
        Assert.Equal(Outcome.Admitted, (await answers[1]).Outcome);
        await Task.Delay(TimeSpan.FromSeconds(1), clock);
        Assert.Equal((InFlight + 1, false), (_atGate.Count, answers[0].IsCompleted));

        lane.Complete();
        await LeaveAllAsync(answers, clock);
        await running;
        Assert.Equal(
            Enumerable.Range(0, 5).Select(i => Samples.Claim(_listing.Sale, $"buyer-{i}").Order),
            _gate.Calls.SelectMany(call => call).SelectMany(ids => ids));
    });

    [Fact]
    public void Who_is_at_the_gate_when_the_lane_gives_up_is_told_that_nobody_knows() => Run(async (lane, clock) =>
    {
        Task<ClaimAnswer>[] answers = [.. Enumerable.Range(0, 5).Select(i => ClaimAsync(lane, $"buyer-{i}"))];
        var running = lane.RunAsync(Cancel);
        await Task.Delay(TimeSpan.FromSeconds(1), clock);

        lane.GiveUp();

        Assert.All((await Task.WhenAll(answers))[..InFlight], answer => Assert.Equal(ClaimAnswer.Unknown, answer));
        Assert.All((await Task.WhenAll(answers))[InFlight..], answer => Assert.Equal(ClaimAnswer.Busy, answer));
        _atGate.ForEach(leave => leave.SetResult());
        await running;
    });

    [Fact]
    public void A_fault_of_one_batch_stops_the_lane_and_leaves_nobody_waiting() => Run(async (lane, clock) =>
    {
        Task<ClaimAnswer>[] answers = [.. Enumerable.Range(0, 5).Select(i => ClaimAsync(lane, $"buyer-{i}"))];
        var running = lane.RunAsync(Cancel);
        await Task.Delay(TimeSpan.FromSeconds(1), clock);

        _atGate[0].SetException(new InvalidOperationException("The gate broke."));
        _atGate[1].SetResult();
        _atGate[2].SetResult();

        Assert.Equal(ClaimAnswer.Unknown, await answers[0]);
        Assert.Equal(Outcome.Admitted, (await answers[1]).Outcome);
        await Task.WhenAll(answers);
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        Assert.Equal("The gate broke.", fault.Message);
        Assert.Equal(ClaimAnswer.Busy, await ClaimAsync(lane, "late"));
    });

    private async Task LeaveAllAsync(Task<ClaimAnswer>[] answers, TimeProvider clock)
    {
        while (!answers.All(answer => answer.IsCompleted))
        {
            foreach (var leave in _atGate.ToArray())
            {
                leave.TrySetResult();
            }

            await Task.Delay(TimeSpan.FromSeconds(1), clock);
        }
    }

    private void Run(Func<Lane, VirtualTimeProvider, Task> story)
    {
        var clock = new VirtualTimeProvider(Samples.Noon);
        var lane = new Lane(_gate, new Limits { BatchSize = 1 }, clock, batchesInFlight: InFlight);
        new SeededScheduler(1, clock).Run(() => story(lane, clock));
    }

    private Task<ClaimAnswer> ClaimAsync(Lane lane, string buyer) =>
        lane.ClaimAsync(_listing, Samples.Claim(_listing.Sale, buyer)).AsTask();
}
