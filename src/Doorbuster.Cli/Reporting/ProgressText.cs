using System.Diagnostics;
using Doorbuster.Cli.Load;

namespace Doorbuster.Cli.Reporting;

/// <summary>How far a crowd has come, in one line.</summary>
internal sealed class ProgressText(LoadPlan plan, LoadProgress progress)
{
    private int _doneBefore;
    private long _lookedAt = Stopwatch.GetTimestamp();

    /// <summary>The line as of now; its rate is that since the line before.</summary>
    public string Next()
    {
        var (done, now) = (progress.Done, Stopwatch.GetTimestamp());
        var rate = (done - _doneBefore) / Stopwatch.GetElapsedTime(_lookedAt, now).TotalSeconds;
        (_doneBefore, _lookedAt) = (done, now);
        return progress.Stage switch
        {
            LoadStage.TakingTokens =>
                $"{progress.Credentials:N0} of {plan.Buyers:N0} buyers have what they need to claim",
            LoadStage.Waiting when progress.OpensAt - DateTimeOffset.UtcNow is { Ticks: > 0 } left =>
                $"the doors open in {left.TotalSeconds:N1} s",
            LoadStage.Claiming => $"{done:N0} of {plan.Buyers:N0} claims, {rate:N0} a second: "
                + $"{progress.Orders:N0} orders, {progress.Refused:N0} refused{Fate("; ")}",
            LoadStage.Settling => $"all have claimed{Fate(": ")}",
            _ => $"{plan.Connections:N0} connections to {plan.Server}",
        };
    }

    private string Fate(string before) => progress.Feed is { } feed
        ? $"{before}{feed.Reserved:N0} reserved, {feed.Paid:N0} paid, {feed.Expired:N0} expired"
        : "";
}
