using System.Diagnostics;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Load;

/// <summary>Sends every claim at its time, and counts what came of it.</summary>
/// <remarks>
/// A 503 (<c>busy</c>, <c>outcome-unknown</c>) and a broken connection leave a claim open: it is sent again under the
/// same idempotency key, after Retry-After, at most <see cref="MaxAttempts"/> times in all, and its connection serves
/// other buyers meanwhile. Its latency runs from the first intended sending to the final answer.
/// </remarks>
/// <param name="plan">How many claims, and how fast.</param>
/// <param name="spelling">Makes what spells one connection's requests; their bytes are valid until the next.</param>
/// <param name="connections">Over which they are sent.</param>
/// <param name="progress">Is told how far they are.</param>
/// <param name="answered">Is given each claim's final answer, whose body is valid until it returns; nobody where null.
/// </param>
internal sealed class Crowd(
    LoadPlan plan,
    Func<Func<int, ReadOnlyMemory<byte>>> spelling,
    Connections connections,
    LoadProgress progress,
    Action<int, HttpAnswer>? answered = null)
{
    /// <summary>How often one claim is sent before it is given up, or its last 503 counts as its answer.</summary>
    public const int MaxAttempts = 8;

    private readonly Latencies _latencies = new(plan.Buyers);
    private readonly Tally[] _tallies =
        [.. Enumerable.Range(0, plan.Connections).Select(_ => new Tally())];

    /// <summary>Sends them all.</summary>
    /// <param name="startAt">The intended time of the first claim, a timestamp.</param>
    /// <param name="cancellationToken">Sends the crowd home.</param>
    public async Task<CrowdFigures> ClaimAsync(long startAt, CancellationToken cancellationToken)
    {
        progress.Claims(_tallies);
        using var arrivals = new Arrivals(plan.Buyers, plan.RatePerSecond, plan.Connections);
        arrivals.Start(startAt, cancellationToken);
        await connections.RunAsync(
            (connection, index, token) => ClaimAsync(arrivals, connection, _tallies[index], token),
            cancellationToken);
        return CrowdFigures.From(_tallies, _latencies.Summarise(), plan.Buyers, startAt);
    }

    private async Task ClaimAsync(
        Arrivals arrivals, HttpConnection connection, Tally tally, CancellationToken cancellationToken)
    {
        var spell = spelling();
        while (await arrivals.TakeAsync(cancellationToken) is { } attempt)
        {
            try
            {
                var answer = await connection.SendAsync(spell(attempt.Claim), cancellationToken);
                if (answer.Status == 503 && attempt.Number < MaxAttempts)
                {
                    tally.CountRetry();
                    arrivals.Return(attempt.Again(), RetryDelay.For(answer), cancellationToken);
                    continue;
                }

                tally.Count(answer, Stopwatch.GetTimestamp());
                answered?.Invoke(attempt.Claim, answer);
            }
            catch (TransportException)
            {
                tally.CountTransportError();
                if (attempt.Number < MaxAttempts)
                {
                    tally.CountRetry();
                    arrivals.Return(attempt.Again(), RetryDelay.WithoutAnswer(attempt.Number), cancellationToken);
                    continue;
                }

                tally.CountUnanswered(Stopwatch.GetTimestamp());
            }

            _latencies.Record(attempt.Claim, attempt.DueAt, tally.LastDoneAt);
            arrivals.Done();
        }
    }
}
