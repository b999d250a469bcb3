using System.Diagnostics;
using Doorbuster.Cli.Load;
using Xunit;

namespace Doorbuster.Server.Tests.Load;

/// <summary>A crowd that waits for no turn: a slow server changes no claim's time, only what it took.</summary>
public sealed class OpenLoopTests
{
    private const int Claims = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_rate_each_claim_is_due_at_its_time_however_late_it_is_taken()
    {
        using var arrivals = new Arrivals(Claims, ratePerSecond: 10, takers: 1);
        var began = Stopwatch.GetTimestamp() - Stopwatch.Frequency;
        arrivals.Start(began, Cancel);

        for (var n = 0; n < Claims; n++)
        {
            var attempt = Assert.NotNull(await arrivals.TakeAsync(Cancel));
            Assert.Equal((n, began + (n * Stopwatch.Frequency / 10)), (attempt.Claim, attempt.DueAt));
            arrivals.Done();
        }

        Assert.Null(await arrivals.TakeAsync(Cancel));
    }

    [Fact]
    public async Task Without_a_rate_a_claim_is_due_when_it_can_be_sent()
    {
        using var arrivals = new Arrivals(Claims, ratePerSecond: null, takers: 1);
        arrivals.Start(Stopwatch.GetTimestamp() - Stopwatch.Frequency, Cancel);

        var before = Stopwatch.GetTimestamp();
        var attempt = Assert.NotNull(await arrivals.TakeAsync(Cancel));

        Assert.InRange(attempt.DueAt, before, Stopwatch.GetTimestamp());
    }

    [Fact]
    public void A_latency_runs_from_the_time_at_which_the_claim_was_due()
    {
        var latencies = new Latencies(100);
        for (var n = 0; n < 100; n++)
        {
            latencies.Record(n, dueAt: 0, doneAt: (n + 1) * Stopwatch.Frequency / 1_000);
        }

        Assert.Equal(new LatencyFigures(50, 95, 99, 100), latencies.Summarise());
    }
}
