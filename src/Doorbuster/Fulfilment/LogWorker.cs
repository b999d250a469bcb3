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
/// <param name="reader">Reads the log, for this worker alone.</param>
/// <param name="fulfiller">Commits.</param>
/// <param name="claimsAtOnce">Claims of one transaction, where no single entry has more.</param>
public sealed class LogWorker(LogReader reader, Fulfiller fulfiller, int claimsAtOnce = 2_048)
{
    /// <summary>Drains on and on until it is cancelled; what is not acknowledged by then is another's.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var entries = await reader.NextAsync(cancellationToken);
            foreach (var portion in Portions.Of(entries, claimsAtOnce, entry => entry.Claims.Count))
            {
                await fulfiller.FulfilAsync(portion, cancellationToken);
                await reader.AcknowledgeAsync(portion, cancellationToken);
            }
        }
    }
}
