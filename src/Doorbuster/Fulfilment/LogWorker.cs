using Doorbuster.Dispatch;

namespace Doorbuster.Fulfilment;

/// <summary>
/// Drains the claim log into the order store, in one loop: it reads what is there, commits it, and acknowledges what
/// stands. Any number of workers may run, on any number of nodes.
/// </summary>
/// <remarks>
/// Invariant: an entry is acknowledged only after each of its claims stands in the store. A worker that dies anywhere
/// leaves its entries to another, whose commit of what stood already is a replay (F07, F10). Tests:
/// <c>LogWorkerTests</c>.
/// </remarks>
/// <param name="log">The log, as this worker's reader.</param>
/// <param name="fulfiller">Commits.</param>
/// <param name="sales">The sales there are now; those without a log cost little.</param>
/// <param name="options">Sizes and times.</param>
/// <param name="clock">The time.</param>
public sealed class LogWorker(
    IClaimLog log, Fulfiller fulfiller, Func<IReadOnlyCollection<SaleId>> sales, FulfilmentOptions options,
    TimeProvider clock)
{
    /// <summary>Sales that had entries at the last look; they are looked at more often.</summary>
    private IReadOnlyCollection<SaleId> _busy = [];

    private long? _lookedAt;
    private long? _tookOverAt;

    /// <summary>Drains on and on until it is cancelled; what is not acknowledged by then is another's.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await DrainAsync(cancellationToken);
            }
            catch (ClaimLogUnavailableException)
            {
                // What was read and is not acknowledged comes again.
                _busy = [];
            }

            if (_busy.Count == 0)
            {
                await Task.Delay(options.BusyPause, clock, cancellationToken);
            }
        }
    }

    /// <summary>Looks once, and commits what it finds.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (IsDue(ref _tookOverAt, options.TakeOverAfter / 2))
        {
            var left = await log.TakeOverAsync(
                sales(), options.TakeOverAfter, options.EntriesAtOnce, cancellationToken);
            await SettleAsync(left, cancellationToken);
        }

        var some = IsDue(ref _lookedAt, options.IdlePause) ? sales() : _busy;
        var entries = await log.ReadAsync(some, options.EntriesAtOnce, cancellationToken);
        _busy = [.. entries.Select(entry => entry.Sale).Distinct()];
        await SettleAsync(entries, cancellationToken);
    }

    /// <summary>Whether so much time has gone by since it was last so.</summary>
    private bool IsDue(ref long? last, TimeSpan every)
    {
        if (last is { } before && clock.GetElapsedTime(before) < every)
        {
            return false;
        }

        last = clock.GetTimestamp();
        return true;
    }

    private async Task SettleAsync(IReadOnlyList<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        foreach (var together in Portions(entries))
        {
            await fulfiller.FulfilAsync(together, cancellationToken);
            await log.AcknowledgeAsync(together, cancellationToken);
        }
    }

    /// <summary>Portions of so many claims as one transaction takes; at least one entry each.</summary>
    private IEnumerable<IReadOnlyList<AdmittedBatch>> Portions(IReadOnlyList<AdmittedBatch> entries)
    {
        var portion = new List<AdmittedBatch>();
        var claims = 0;
        foreach (var entry in entries)
        {
            if (portion.Count > 0 && claims + entry.Claims.Count > options.ClaimsAtOnce)
            {
                yield return portion;
                portion = [];
                claims = 0;
            }

            portion.Add(entry);
            claims += entry.Claims.Count;
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }
}
