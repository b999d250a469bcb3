using System.Collections.Concurrent;
using System.Diagnostics;

namespace Doorbuster.Benchmarks;

/// <summary>
/// Claims at a steady rate from this process, which is warm: an open loop, each latency from the intended send time.
/// </summary>
internal sealed class SteadyClaims : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<(DateTimeOffset DueAt, double Milliseconds)> _answered = new();
    private readonly Task _running;

    /// <summary>Begins to claim.</summary>
    public SteadyClaims(ServerProcess server, SaleId sale, int perSecond) =>
        _running = Task.Run(() => RunAsync(server, sale, perSecond));

    /// <summary>The 99th percentile of the claims that were due in a time, in milliseconds.</summary>
    public double P99(DateTimeOffset from, DateTimeOffset to)
    {
        var between = _answered
            .Where(answer => answer.DueAt >= from && answer.DueAt < to)
            .Select(answer => answer.Milliseconds)
            .Order()
            .ToList();
        return between.Count > 0
            ? between[(int)(between.Count * 0.99)]
            : throw new InvalidOperationException("No claim was due in that time.");
    }

    /// <summary>Sends no more, and waits for the answers.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync(ServerProcess server, SaleId sale, int perSecond)
    {
        var tokens = new Admission.PurchaseTokens([server.Key], TimeProvider.System);
        var startedAt = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        var sent = new List<Task>();
        while (!_stopping.IsCancellationRequested)
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * perSecond); sent.Count < due;)
            {
                var dueAfter = TimeSpan.FromSeconds((double)sent.Count / perSecond);
                var token = tokens.Issue(sale, BuyerId.Parse(Guid.NewGuid().ToString())).Token;
                sent.Add(ClaimAsync());

                async Task ClaimAsync()
                {
                    var status = await server.ClaimAsync(sale, token);
                    if (status != System.Net.HttpStatusCode.Created)
                    {
                        throw new InvalidOperationException($"A claim was answered {(int)status}.");
                    }

                    _answered.Enqueue((startedAt + dueAfter, (clock.Elapsed - dueAfter).TotalMilliseconds));
                }
            }

            await Task.Delay(1);
        }

        await Task.WhenAll(sent);
    }
}
