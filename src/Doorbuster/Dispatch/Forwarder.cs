namespace Doorbuster.Dispatch;

/// <summary>
/// Brings entries of the claim log to a transport, in one loop. It deletes none: that is the worker's, once they stand.
/// What has not come to stand after a while is sent again, under the same id (F06).
/// </summary>
/// <remarks>
/// While the transport is away, the log holds what is admitted and the gate goes on, until the oldest entry is too old.
/// Any number of forwarders may run. Tests: <c>TransportTests</c>.
/// </remarks>
/// <param name="reader">Reads the log, for this forwarder alone.</param>
/// <param name="transport">Takes the entries.</param>
/// <param name="clock">The time between two attempts.</param>
/// <param name="lag">Told what is in its hands; nobody where null.</param>
public sealed class Forwarder(LogReader reader, IClaimTransport transport, TimeProvider clock, Lag? lag = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Forwards on and on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var rest = await reader.NextAsync(cancellationToken);
            var inHand = lag?.Take(rest);
            await SendAsync(rest, cancellationToken);
            lag?.Leave(inHand!.Value);
        }
    }

    private async Task SendAsync(IReadOnlyList<AdmittedBatch> rest, CancellationToken cancellationToken)
    {
        while (true)
        {
            var taken = await transport.SendAsync(rest, cancellationToken);
            rest = [.. rest.Where(entry => !taken.Contains(entry))];
            if (rest.Count == 0)
            {
                return;
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }
}
