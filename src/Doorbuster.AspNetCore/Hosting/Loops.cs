namespace Doorbuster.AspNetCore.Hosting;

/// <summary>
/// Runs the engine's loops side by side: lanes and the queue of orders until they are completed and empty, expiry,
/// settlement and the live feed for as long. One that stops by a fault stops the others, so that the fault comes out.
/// </summary>
internal sealed class Loops(Shop shop)
{
    /// <summary>Runs until the shop is completed and everyone is answered, or cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beside = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var background = Task.WhenAll(
            RunBesideAsync(shop.Expirer.RunAsync(beside.Token), beside.Token),
            RunBesideAsync(shop.Settlement.RunAsync(beside.Token), beside.Token),
            RunBesideAsync(shop.Live.RunAsync(beside.Token), beside.Token),
            RunBesideAsync(shop.Office.RunAsync(beside.Token), beside.Token));
        try
        {
            await Task.WhenAll(
                RunMainAsync(shop.Lanes.RunAsync(cancellationToken)),
                RunMainAsync(shop.Orders.RunAsync(cancellationToken)));
        }
        finally
        {
            await beside.CancelAsync();
            await background;
        }
    }

    private async Task RunMainAsync(Task loop)
    {
        try
        {
            await loop;
        }
        finally
        {
            shop.Complete();
        }
    }

    /// <summary>A loop that has no end of its own; being told to stop is how it should end.</summary>
    private async Task RunBesideAsync(Task loop, CancellationToken stop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As it should be.
        }
        finally
        {
            shop.Complete();
        }
    }
}
