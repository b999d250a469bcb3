namespace Doorbuster.Reconciliation;

/// <summary>
/// Says over and over that a node lives, in one loop. A node that dies, or cannot reach the list, is told as gone after
/// <see cref="GoneAfter"/>, and forgotten after <see cref="KeptFor"/>; one that ends as it should leaves the list.
/// </summary>
/// <param name="list">Where it is said.</param>
/// <param name="look">What the node is like now.</param>
/// <param name="clock">The time between two beats.</param>
public sealed class NodeBeats(INodeList list, Func<NodeBeat> look, TimeProvider clock)
{
    /// <summary>The time between two beats.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>A node that was silent for longer is gone: it has missed several beats.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long one that is gone is still listed, so that somebody sees it.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    /// <summary>Leaving must hold no end up.</summary>
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromSeconds(1);

    /// <summary>Beats until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await BeatAsync(cancellationToken);
                await Task.Delay(Every, clock, cancellationToken);
            }
        }
        finally
        {
            await LeaveAsync();
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            await list.BeatAsync(look(), KeptFor, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The next beat says the same.
        }
    }

    private async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(TimeToLeave, clock);
        try
        {
            await list.LeaveAsync(look().Id, patience.Token);
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OperationCanceledException)
        {
            // It is told as gone, and forgotten in time.
        }
    }
}
