namespace Doorbuster.Dispatch;

/// <summary>
/// Reads the claim log on and on: new entries, and from time to time what another reader, or an earlier life of this
/// one, has left. Sales that had entries just now are looked at more often than the others, of which only so many have
/// their turn at once: tens of thousands of quiet sales would keep a server busy with nothing. One loop uses it.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="sales">The sales there are now; those without a log cost little.</param>
/// <param name="options">Sizes and times.</param>
/// <param name="clock">The time.</param>
public sealed class LogReader(
    IClaimLog log, Func<IReadOnlyCollection<SaleId>> sales, LogReaderOptions options, TimeProvider clock)
{
    /// <summary>Entries of one look, unless it is at more sales: all of them are in memory together.</summary>
    private const int MostEntries = 4_096;

    private readonly Queue<SaleId> _turns = new();

    private IReadOnlyCollection<SaleId> _busy = [];
    private long? _lookedAt;
    private long? _tookOverAt;

    /// <summary>Waits for entries, at least one, however long there are none or the log cannot be read.</summary>
    public async Task<IReadOnlyList<AdmittedBatch>> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await LookAsync(cancellationToken) is { Count: > 0 } entries)
                {
                    return entries;
                }
            }
            catch (ClaimLogUnavailableException)
            {
                // What was given and did not arrive is taken over later.
                _busy = [];
            }

            await Task.Delay(options.BusyPause, clock, cancellationToken);
        }
    }

    /// <summary>
    /// Deletes entries that stand. Where that cannot be done now they come again, and are replays.
    /// </summary>
    public async Task AcknowledgeAsync(
        IReadOnlyCollection<AdmittedBatch> entries, CancellationToken cancellationToken)
    {
        try
        {
            await log.AcknowledgeAsync(entries, cancellationToken);
        }
        catch (ClaimLogUnavailableException)
        {
            _busy = [];
        }
    }

    private async Task<IReadOnlyList<AdmittedBatch>> LookAsync(CancellationToken cancellationToken)
    {
        if (IsDue(ref _tookOverAt, options.TakeOverAfter / 2)
            && await TakeOverAsync(cancellationToken) is { Count: > 0 } left)
        {
            // There may be more: it is looked for as soon as this is done.
            _tookOverAt = null;
            return left;
        }

        // The quiet by themselves: among many that share a read, one that is busy would be given little.
        List<SaleId> quiet = IsDue(ref _lookedAt, options.IdlePause) ? [.. NextInTurn().Except(_busy)] : [];
        List<AdmittedBatch> entries = [.. await log.ReadAsync(_busy, MostOf(_busy), cancellationToken)];
        if (quiet.Count > 0)
        {
            entries.AddRange(await ReadQuietAsync(quiet, entries.Count > 0, cancellationToken));
        }

        _busy = [.. entries.Select(entry => entry.Sale).Distinct()];
        return entries;
    }

    /// <summary>Reads quiet sales; where others have brought something, what fails is left for the next turn.</summary>
    private async Task<IReadOnlyList<AdmittedBatch>> ReadQuietAsync(
        List<SaleId> quiet, bool hasOthers, CancellationToken cancellationToken)
    {
        try
        {
            return await log.ReadAsync(quiet, MostOf(quiet), cancellationToken);
        }
        catch (ClaimLogUnavailableException) when (hasOthers)
        {
            return [];
        }
    }

    /// <summary>
    /// What others have left, of some sales after the other until it is as much as one look may bring. A sale gives as
    /// many entries as ever, however many sales there are: its buyers wait since its reader died.
    /// </summary>
    private async Task<IReadOnlyList<AdmittedBatch>> TakeOverAsync(CancellationToken cancellationToken)
    {
        var left = new List<AdmittedBatch>();
        foreach (var some in sales().Chunk(Math.Max(1, MostEntries / options.EntriesAtOnce)))
        {
            left.AddRange(await log.TakeOverAsync(
                some, options.TakeOverAfter, options.EntriesAtOnce, cancellationToken));
            if (left.Count >= MostEntries / 2)
            {
                break;
            }
        }

        return left;
    }

    /// <summary>Entries of one sale, where so many are read together.</summary>
    private int MostOf(IReadOnlyCollection<SaleId> some) =>
        Math.Clamp(MostEntries / Math.Max(1, some.Count), 1, options.EntriesAtOnce);

    /// <summary>The next of all sales; they begin anew once each has had its turn.</summary>
    private List<SaleId> NextInTurn()
    {
        if (_turns.Count == 0)
        {
            foreach (var sale in sales())
            {
                _turns.Enqueue(sale);
            }
        }

        var next = new List<SaleId>();
        while (next.Count < options.SalesAtOnce && _turns.TryDequeue(out var sale))
        {
            next.Add(sale);
        }

        return next;
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
}
