namespace Doorbuster.Orders;

/// <summary>
/// Ends reservations whose payment window is over, a batch a transaction, so that their units can be bought again
/// within a second. Claims go on between two batches.
/// </summary>
/// <param name="store">Knows which orders are due.</param>
/// <param name="queue">Writes what has ended, in turn with everything else that happens to orders.</param>
/// <param name="limits">How many end in one transaction.</param>
/// <param name="clock">The time.</param>
public sealed class Expirer(IOrderStore store, OrderQueue queue, Limits limits, TimeProvider clock)
{
    /// <summary>The time between two looks: a tenth of what a unit may take to be free again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Orders looked for at once: some batches of the queue, which then never waits for the next while it writes one.
    /// </summary>
    private readonly int _together = Math.Min(BatchesTogether * limits.OrderBatchSize, limits.OrderQueueCapacity);

    private const int BatchesTogether = 4;

    /// <summary>Looks on and on until it is cancelled; while the store is not writable, it tries again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var ended = await TryExpireAsync(cancellationToken);
            if (ended < _together)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    /// <summary>Ends some batches of what is due now.</summary>
    /// <returns>How many have ended: where the clock stepped back, what was due is not.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot write now; they stay due.</exception>
    /// <exception cref="OutcomeUnknownException">They may have ended or not; they stay due.</exception>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var due = await store.DueAsync(clock.GetUtcNow(), _together, cancellationToken);
        var answers = await Task.WhenAll(due.Select(order => queue.DoAsync(new OrderCommand.Expire(order))));
        return answers.Count(answer => answer.Outcome is CommandOutcome.Done or CommandOutcome.Stands);
    }

    private async Task<int> TryExpireAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ExpireAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OutcomeUnknownException)
        {
            return 0;
        }
    }
}
