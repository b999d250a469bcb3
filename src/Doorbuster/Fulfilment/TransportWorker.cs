using Doorbuster.Dispatch;

namespace Doorbuster.Fulfilment;

/// <summary>
/// Drains a transport into the order store, in one loop: it commits what was brought, tells the transport, and deletes
/// the entries from the log. Any number of workers may run, on any number of nodes.
/// </summary>
/// <remarks>
/// Invariant: nothing is acknowledged to the transport, and nothing deleted from the log, before it stands in the
/// store. A worker that dies between two of these steps, or a log that is away, has entries brought again, which are
/// replays (F07, F20). Tests: <c>TransportTests</c>.
/// </remarks>
/// <param name="transport">Brings the entries.</param>
/// <param name="log">Where they are deleted.</param>
/// <param name="fulfiller">Commits.</param>
/// <param name="clock">The time after which a transport that is away is asked again.</param>
/// <param name="deliveriesAtOnce">Deliveries received at once.</param>
/// <param name="claimsAtOnce">Claims of one transaction, where no single entry has more.</param>
public sealed class TransportWorker(
    IClaimTransport transport, IClaimLog log, Fulfiller fulfiller, TimeProvider clock, int deliveriesAtOnce = 64,
    int claimsAtOnce = 2_048)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Drains on and on until it is cancelled; what is not acknowledged by then is brought again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await SettleAsync(await transport.ReceiveAsync(deliveriesAtOnce, cancellationToken), cancellationToken);
            }
            catch (TransportUnavailableException)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private async Task SettleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        foreach (var portion in Portions.Of(deliveries, claimsAtOnce, delivery => delivery.Entry.Claims.Count))
        {
            AdmittedBatch[] entries = [.. portion.Select(delivery => delivery.Entry)];
            await fulfiller.FulfilAsync(entries, cancellationToken);
            await transport.AcknowledgeAsync(portion, cancellationToken);
            try
            {
                await log.AcknowledgeAsync(entries, cancellationToken);
            }
            catch (ClaimLogUnavailableException)
            {
                // They are sent again once the log can be read, and deleted then.
            }
        }
    }
}
