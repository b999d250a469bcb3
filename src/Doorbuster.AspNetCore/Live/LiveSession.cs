using Doorbuster.Notification;

namespace Doorbuster.AspNetCore.Live;

/// <summary>One watcher's connection from its snapshot to its end.</summary>
internal sealed class LiveSession(Watcher watcher, ILiveTransport transport, Comeback comeback)
{
    /// <summary>Sends the snapshot and then whatever comes.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="seen">The sale as the snapshot shows it.</param>
    public async Task RunAsync(LiveText snapshot, Showing seen)
    {
        await transport.SendAsync(snapshot);
        await RunAsync(message => IsNews(message, seen));
    }

    /// <summary>Sends whatever comes; the snapshot is the first of it.</summary>
    public Task RunAsync() => RunAsync(static _ => true);

    private async Task RunAsync(Func<LiveMessage, bool> isNews)
    {
        while (await watcher.WaitAsync() && watcher.End != WatchEnd.TooSlow)
        {
            if (watcher.TryTake(out var message) && isNews(message))
            {
                await transport.SendAsync(LiveText.Of(message));
            }
        }

        // Who was too slow is cut off by the feed: nothing that is sent would arrive.
        await (watcher.End switch
        {
            WatchEnd.Draining => transport.DrainAsync(comeback.Draw()),
            WatchEnd.Left => transport.PartAsync(),
            _ => Task.CompletedTask,
        });
    }

    /// <summary>What was told between taking the place and reading the snapshot may be in the snapshot.</summary>
    private static bool IsNews(LiveMessage message, Showing seen) =>
        message is not LiveMessage.OfSale sale || sale.Showing.IsNewsAfter(seen);
}
