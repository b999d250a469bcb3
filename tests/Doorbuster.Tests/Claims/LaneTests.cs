using Doorbuster.Claims;
using Doorbuster.Conformance;
using Xunit;

namespace Doorbuster.Tests.Claims;

public sealed class LaneTests
{
    private static readonly Listing Drop = ListingOf("drop");
    private static readonly Listing Other = ListingOf("other");

    private readonly ScriptedGate _gate = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_caller_alone_waits_for_nobody()
    {
        var lane = LaneOf();
        var running = lane.RunAsync(Cancel);

        Assert.Equal(Outcome.Admitted, (await ClaimAsync(lane, Drop, "anna")).Outcome);

        await EndAsync(lane, running);
        Assert.Single(_gate.Calls);
    }

    [Fact]
    public async Task Everybody_is_answered()
    {
        var lane = LaneOf(batchSize: 7);
        var running = lane.RunAsync(Cancel);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(
            i => Task.Run(() => ClaimAsync(lane, i % 3 == 0 ? Other : Drop, $"buyer-{i}"), Cancel)));

        Assert.All(answers, answer => Assert.Equal(Outcome.Admitted, answer.Outcome));
        await EndAsync(lane, running);
        Assert.Equal(1_000, _gate.Calls.SelectMany(call => call).Sum(batch => batch.Count));
    }

    [Fact]
    public async Task A_full_lane_says_busy_at_once()
    {
        var lane = LaneOf(capacity: 16);
        var waiting = Enumerable.Range(0, 16).Select(i => ClaimAsync(lane, Drop, $"buyer-{i}")).ToArray();

        var refused = ClaimAsync(lane, Drop, "one-more");

        Assert.True(refused.IsCompletedSuccessfully);
        Assert.Equal(ClaimAnswer.Busy, await refused);
        Assert.Equal(16, lane.Depth);

        var running = lane.RunAsync(Cancel);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(Outcome.Admitted, answer.Outcome));
        await EndAsync(lane, running);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(64)]
    public async Task No_batch_is_larger_than_the_limit_and_a_crowd_fills_it(int batchSize)
    {
        var lane = LaneOf(batchSize: batchSize);
        var waiting = Enumerable.Range(0, 64).Select(i => ClaimAsync(lane, i % 2 == 0 ? Drop : Other, $"buyer-{i}"));
        var answers = Task.WhenAll(waiting.ToArray());
        lane.Complete();

        await lane.RunAsync(Cancel);

        await answers;
        var sizes = _gate.Calls.Select(call => call.Sum(batch => batch.Count)).ToArray();
        Assert.Equal(64, sizes.Sum());
        Assert.Equal((64 + batchSize - 1) / batchSize, sizes.Length);
        Assert.All(sizes[..^1], size => Assert.Equal(batchSize, size));
    }

    [Fact]
    public async Task Claims_of_one_sale_are_one_batch_in_their_order_of_arrival()
    {
        var lane = LaneOf(batchSize: 10);
        (Listing Sale, string Buyer)[] claims =
            [.. Enumerable.Range(0, 50).Select(i => (i % 3 == 0 ? Other : Drop, $"buyer-{i}"))];
        var answers = Task.WhenAll(claims.Select(claim => ClaimAsync(lane, claim.Sale, claim.Buyer)).ToArray());
        lane.Complete();

        await lane.RunAsync(Cancel);

        await answers;
        Assert.All(_gate.Calls, call => Assert.Equal(2, call.Count));
        foreach (var sale in (Listing[])[Drop, Other])
        {
            var decided = _gate.Calls.SelectMany(call => call).SelectMany(ids => ids);
            Assert.Equal(
                claims.Where(claim => claim.Sale == sale).Select(claim => OrderOf(sale, claim.Buyer)),
                decided.Where(id => id.Sale == sale.Sale.Id));
        }
    }

    [Fact]
    public async Task A_completed_lane_answers_those_who_wait_and_takes_nobody_more()
    {
        var lane = LaneOf();
        var waiting = ClaimAsync(lane, Drop, "anna");
        lane.Complete();

        Assert.Equal(ClaimAnswer.Busy, await ClaimAsync(lane, Drop, "late"));
        await lane.RunAsync(Cancel);

        Assert.Equal(Outcome.Admitted, (await waiting).Outcome);
        Assert.Equal(0, lane.Depth);
    }

    [Fact]
    public async Task A_cancelled_lane_answers_busy_to_those_who_wait()
    {
        using var stop = new CancellationTokenSource();
        var lane = LaneOf(batchSize: 1);
        _gate.During = () => stop.CancelAsync();
        var first = ClaimAsync(lane, Drop, "first");
        var second = ClaimAsync(lane, Drop, "second");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lane.RunAsync(stop.Token));

        Assert.Equal(Outcome.Admitted, (await first).Outcome);
        Assert.Equal(ClaimAnswer.Busy, await second);
        Assert.Equal(ClaimAnswer.Busy, await ClaimAsync(lane, Drop, "late"));
    }

    [Fact]
    public async Task A_fault_of_the_gate_stops_the_lane_loudly_and_leaves_nobody_waiting()
    {
        var lane = LaneOf(batchSize: 2);
        _gate.During = () => throw new InvalidOperationException("The gate broke.");
        var concerned = Task.WhenAll(ClaimAsync(lane, Drop, "anna"), ClaimAsync(lane, Other, "bert"));
        var behind = ClaimAsync(lane, Drop, "carl");

        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() => lane.RunAsync(Cancel));

        Assert.Equal("The gate broke.", stopped.Message);
        Assert.Equal([ClaimAnswer.Unknown, ClaimAnswer.Unknown], await concerned);
        Assert.Equal(ClaimAnswer.Busy, await behind);
        Assert.Equal(ClaimAnswer.Busy, await ClaimAsync(lane, Drop, "late"));
    }

    private Lane LaneOf(int capacity = 1_024, int batchSize = 512) =>
        new(_gate, new Limits { LaneCapacity = capacity, BatchSize = batchSize }, TimeProvider.System);

    private static async Task EndAsync(Lane lane, Task running)
    {
        lane.Complete();
        await running;
    }

    private static Task<ClaimAnswer> ClaimAsync(Lane lane, Listing listing, string buyer) =>
        lane.ClaimAsync(listing, Samples.Claim(listing.Sale, buyer)).AsTask();

    private static OrderId OrderOf(Listing listing, string buyer) => Samples.Claim(listing.Sale, buyer).Order;

    private static Listing ListingOf(string id) =>
        new(new GateSnapshot(Samples.Sale(id), 1, new Stock(10, 10, 0, 0, 1), 0, new Holdings()));
}
